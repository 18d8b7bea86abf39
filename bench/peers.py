"""The servers that are measured: each is started on ports of its own, with fifty mailboxes."""

import base64
import glob
import hashlib
import os
import poplib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

MAILBOXES = 50
PASSWORD = "benchmark"
SESSIONS = 50
SIZE = 10 * 1024


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def await_port(port, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port} after {seconds} s")


def user(i):
    return f"u{i}@example.test"


def far_user(i):
    """Somebody elsewhere: mail to there is relayed to the port ``sink``."""
    return f"u{i}@far.test"


def lost_user(i):
    """Somebody at a server that refuses every connection."""
    return f"u{i}@dead.test"


def send(peer, messages, recipient):
    """Fifty sessions, each with a recipient of its own, until the last message is accepted."""
    sources = [
        subprocess.Popen(
            ["smtp-source", "-s", "1", "-m", str(messages // SESSIONS), "-l", str(SIZE),
             "-f", "sender@client.test", "-t", recipient(i % MAILBOXES), f"inet:127.0.0.1:{peer.smtp}"],
            stderr=subprocess.PIPE)
        for i in range(SESSIONS)]
    for source in sources:
        _, err = source.communicate()
        if source.returncode:
            raise RuntimeError(err.decode())


def children(pid):
    """All processes below one, with itself."""
    found, wanted = [], [pid]
    parents = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            text = open(path).read()
        except OSError:
            continue
        number = int(text.split(" ", 1)[0])
        parents.setdefault(int(text.rsplit(")", 1)[1].split()[1]), []).append(number)
    while wanted:
        one = wanted.pop()
        found.append(one)
        wanted += parents.get(one, [])
    return found


def private_memory(pids):
    """Octets no other process shares, plus each one's share of the rest (PSS)."""
    total = 0
    for pid in pids:
        try:
            for line in open(f"/proc/{pid}/smaps_rollup"):
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except OSError:
            pass
    return total


def cpu_seconds(pids):
    """Processor time these processes have spent."""
    ticks = 0
    for pid in pids:
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class PostfixDovecot:
    name = "Postfix+Dovecot"
    deliveries = 3_000
    relayed = 3_000
    warm_ups = 1
    relay_warm_ups = 3

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="bench-pd-")
        os.chmod(self.dir, 0o755)
        self.smtp, self.imap, self.pop3 = free_port(), free_port(), free_port()
        self.sink = free_port()
        self.start_seconds = None

    def leaving(self, i):
        """The recipient whose mail leaves: whoever is on loopback may send anywhere."""
        return far_user(i)

    def stuck(self, i):
        """The recipient whose mail cannot leave."""
        return lost_user(i)

    def start(self):
        began = time.monotonic()
        self._dovecot()
        self._postfix()
        for port in (self.smtp, self.imap, self.pop3):
            await_port(port)
        self.start_seconds = time.monotonic() - began

    def pids(self):
        found = []
        for pidfile in (f"{self.dir}/run/master.pid", f"{self.dir}/spool/pid/master.pid"):
            found += children(int(open(pidfile).read()))
        return found

    def stop(self):
        subprocess.run(["postfix", "-c", f"{self.dir}/postfix", "stop"], capture_output=True)
        subprocess.run(["dovecot", "-c", f"{self.dir}/dovecot.conf", "stop"], capture_output=True)
        time.sleep(1)

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def _dovecot(self):
        nobody = pwd.getpwnam("nobody")
        os.makedirs(f"{self.dir}/mail", exist_ok=True)
        os.chown(f"{self.dir}/mail", nobody.pw_uid, nobody.pw_gid)
        with open(f"{self.dir}/users", "w") as f:
            for i in range(MAILBOXES):
                f.write(f"{user(i)}:{{PLAIN}}{PASSWORD}\n")
        with open(f"{self.dir}/dovecot.conf", "w") as f:
            f.write(f"""
base_dir = {self.dir}/run
state_dir = {self.dir}/state
log_path = {self.dir}/dovecot.log
protocols = imap pop3 lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_uid = {nobody.pw_uid}
mail_gid = {nobody.pw_gid}
mail_location = maildir:{self.dir}/mail/%u
mail_max_userip_connections = 20000
default_process_limit = 20000
default_client_limit = 40000
auth_mechanisms = plain login
passdb {{
  driver = passwd-file
  args = {self.dir}/users
}}
userdb {{
  driver = static
  args = uid={nobody.pw_uid} gid={nobody.pw_gid} home={self.dir}/mail/%u
}}
service imap-login {{
  service_count = 0
  client_limit = 20000
  inet_listener imap {{
    port = {self.imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  service_count = 0
  inet_listener pop3 {{
    port = {self.pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service imap {{
  process_limit = 20000
}}
service lmtp {{
  process_min_avail = 4
  unix_listener {self.dir}/lmtp {{
    mode = 0666
  }}
}}
""")
        subprocess.run(["dovecot", "-c", f"{self.dir}/dovecot.conf"], check=True)

    def _postfix(self):
        conf, spool = f"{self.dir}/postfix", f"{self.dir}/spool"
        os.makedirs(conf, exist_ok=True)
        os.makedirs(f"{self.dir}/data", exist_ok=True)
        os.makedirs(spool, exist_ok=True)
        shutil.chown(f"{self.dir}/data", "postfix")
        source = "/usr/share/postfix/master.cf.dist"
        lines = open(source).read().splitlines()
        with open(f"{conf}/master.cf", "w") as f:
            for line in lines:
                if line.startswith("smtp      inet"):
                    line = f"127.0.0.1:{self.smtp} inet n - n - - smtpd"
                fields = line.split()
                if len(fields) >= 8 and fields[1] in ("unix", "inet") and fields[4] == "y":
                    line = line.replace(" y ", " n ", 1)
                f.write(line + "\n")
        with open(f"{conf}/main.cf", "w") as f:
            f.write(f"""
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {self.dir}/data
maillog_file = {self.dir}/postfix.log
maillog_file_prefixes = {self.dir}
myhostname = mx.example.test
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
smtpd_peername_lookup = no
disable_dns_lookups = yes
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = example.test
virtual_mailbox_maps = regexp:{conf}/mailboxes
virtual_transport = lmtp:unix:{self.dir}/lmtp
default_process_limit = 200
lmtp_destination_concurrency_limit = 100
lmtp_destination_recipient_limit = 1
smtpd_client_connection_count_limit = 0
transport_maps = inline:{{ far.test=smtp:[127.0.0.1]:{self.sink}, dead.test=smtp:[127.0.0.1]:{free_port()} }}
""")
        with open(f"{conf}/mailboxes", "w") as f:
            f.write("/^u[0-9]+@example\\.test$/ OK\n")
        subprocess.run(["postfix", "-c", conf, "start"], check=True, capture_output=True)

    def put(self, i, mailbox, text, messages):
        """Fills a mailbox by writing the maildir's files, as APPEND syncs each of them."""
        nobody = pwd.getpwnam("nobody")
        folder = f"{self.dir}/mail/{user(i)}/.{mailbox}/cur"
        for n in range(messages):
            path = f"{folder}/{1_700_000_000 + n}.M1P1.bench,S={len(text)}:2,S"
            with open(path, "w") as f:
                f.write(text)
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        return True

    def pending(self):
        """Messages accepted but not in a mailbox yet."""
        count = 0
        for queue in ("incoming", "active", "deferred", "maildrop"):
            for _, _, files in os.walk(f"{self.dir}/spool/{queue}"):
                count += len(files)
        return count


class Everpost:
    deliveries = 20_000
    relayed = 10_000
    warm_ups = 1
    relay_warm_ups = 8  # a virtual machine goes on compiling for some 60,000 messages

    def __init__(self, name="RocksDB", store='engine = "rocksdb"', forwards=True):
        self.name = "Everpost, " + name
        self.dir = tempfile.mkdtemp(prefix="bench-ep-")
        self.smtp, self.imap, self.pop3 = free_port(), free_port(), free_port()
        self.sink = free_port()
        self.start_seconds = None
        self.config = f"{self.dir}/everpost.toml"
        with open(self.config, "w") as f:
            f.write(f"""
hostname = "mx.example.test"
data = "{self.dir}/data"
[listen]
smtp = ["127.0.0.1:{self.smtp}"]
imap = ["127.0.0.1:{self.imap}"]
pop3 = ["127.0.0.1:{self.pop3}"]
[relay]
routes = {{ "far.test" = "127.0.0.1:{self.sink}", "dead.test" = "127.0.0.1:{free_port()}" }}
[store]
{store}
""")
        self._command("domain", "add", "example.test")
        stored = "{SSHA}" + base64.b64encode(
            hashlib.sha1((PASSWORD + "salt").encode()).digest() + b"salt").decode()
        with open(f"{self.dir}/accounts.csv", "w") as f:
            for i in range(MAILBOXES):
                f.write(f"{user(i)},{stored}\n")
        self._command("account", "import", f.name)
        for i in range(MAILBOXES if forwards else 0):
            self._command("alias", "add", self.leaving(i), far_user(i))
            self._command("alias", "add", self.stuck(i), lost_user(i))
        self._serve()  # a first start makes the certificate, and a first login its user's hash of today
        for i in range(MAILBOXES):
            session = poplib.POP3("127.0.0.1", self.pop3, timeout=30)
            session.user(user(i))
            session.pass_(PASSWORD)
            session.quit()
        self.stop()

    def _command(self, *words):
        subprocess.run(
            ["./everpost", "--config", self.config, *words], check=True, capture_output=True)

    def _serve(self):
        began = time.monotonic()
        self.process = subprocess.Popen(
            ["./everpost", "--config", self.config, "serve"],
            stdout=subprocess.PIPE, stderr=open(f"{self.dir}/log", "a"), text=True)
        line = self.process.stdout.readline()
        if line.strip() != "ready":
            raise RuntimeError(f"no 'ready' but {line!r}: see {self.dir}/log")
        self.start_seconds = time.monotonic() - began
        return self

    def leaving(self, i):
        """An address that is forwarded: strangers may not send elsewhere."""
        return f"r{i}@example.test"

    def stuck(self, i):
        """The same, to where nobody is."""
        return f"d{i}@example.test"

    def start(self):
        self._serve()

    def pids(self):
        return children(self.process.pid)

    def put(self, i, mailbox, text, messages):
        """Only by its own protocols: says so."""
        return False

    def pending(self):
        return 0

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)


class EverpostOnThreeNodes(Everpost):
    """A server, and a cluster of three Cassandra nodes on 127.0.0.1 to 127.0.0.3, on one machine."""

    deliveries = 4_000
    relayed = 4_000
    warm_ups = 4  # four virtual machines compile on the same processors

    def __init__(self, forwards=True):
        self.nodes_dir = tempfile.mkdtemp(prefix="bench-c3-")
        port, internal = free_port(), free_port()
        home = "store-cassandra/target/cassandra"
        classes = [f"{module}/target/classes" for module in ("store", "store-cassandra")]
        jdk = subprocess.run(
            [". .ci/jdk && find_jdk 25 && echo $jdk"], shell=True, executable="bash", check=True,
            capture_output=True, text=True).stdout.strip()
        self.nodes = subprocess.Popen(
            [f"{jdk}/bin/java", "-Xmx64m", "-cp", ":".join(classes), "bench/CassandraNodes.java", home,
             self.nodes_dir, str(port), str(internal)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.nodes.stdout.readline().strip() != "ready":
            raise RuntimeError(f"no nodes: see {self.nodes_dir}/*/log")
        super().__init__("three Cassandra nodes", f"""engine = "cassandra"
[store.cassandra]
mode = "external"
contact-points = ["127.0.0.1:{port}"]
replication-factor = 3""", forwards)

    def database_pids(self):
        return children(self.nodes.pid)

    def pids(self):
        return super().pids() + self.database_pids()

    def close(self):
        self.nodes.stdin.close()
        self.nodes.wait(60)
        shutil.rmtree(self.nodes_dir, ignore_errors=True)
        super().close()
