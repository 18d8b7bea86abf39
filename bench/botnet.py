"""Servers under a botnet: Postfix plain, Postfix with postscreen, and Everpost, one after the other."""

import contextlib
import json
import os
import pwd
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from peers import MAILBOXES, PASSWORD, Everpost, EverpostOnThreeNodes, await_port, free_port, send, user

MIXED = "TALK_EARLY:30,PIPELINE_BLINDLY:20,DRIP:15,HANG_AFTER_DATA:10,JUNK:15,SPRAY:5,SPAM:5"
PATIENT = "PATIENT:1"
PRACTICE = 20  # s
WARM_UP = 9_000  # messages
NAME_SERVER = "127.0.0.77"  # a resolver in a chroot has no port but 53


class FloodedPostfix:
    """Debian's Postfix, which looks up the name of every client, in its chroot; keeps what it accepts."""

    dns = (NAME_SERVER, 53)
    retry = 10

    def __init__(self, postscreen):
        self.postscreen = postscreen
        self.dir = tempfile.mkdtemp(prefix="bench-pf-")
        os.chmod(self.dir, 0o755)
        self.ports = {"SMTP": free_port()}
        self.status = None

    def start(self, dns_port):
        conf, spool = f"{self.dir}/conf", f"{self.dir}/spool"
        for name in (conf, f"{self.dir}/data", f"{self.dir}/mail", f"{spool}/etc"):
            os.makedirs(name)
        shutil.chown(f"{self.dir}/data", "postfix")
        shutil.chown(f"{self.dir}/mail", "nobody")
        for name in ("services", "hosts", "nsswitch.conf", "localtime"):
            if os.path.exists(f"/etc/{name}"):
                shutil.copy(f"/etc/{name}", f"{spool}/etc/{name}")
        with open(f"{spool}/etc/resolv.conf", "w") as f:
            f.write(f"nameserver {NAME_SERVER}\n")
        here = f"127.0.0.1:{self.ports['SMTP']}"
        with open(f"{conf}/master.cf", "w") as f:
            for line in open("/usr/share/postfix/master.cf.dist").read().splitlines():
                if line.startswith("smtp      inet"):
                    line = f"{here} inet n - y - - smtpd"
                    if self.postscreen:
                        line = (f"{here} inet n - y - 1 postscreen\nsmtpd pass - - y - - smtpd\n"
                                "dnsblog unix - - y - 0 dnsblog\ntlsproxy unix - - y - 0 tlsproxy")
                f.write(line + "\n")
        nobody = pwd.getpwnam("nobody")
        with open(f"{conf}/main.cf", "w") as f:
            f.write(f"""
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {self.dir}/data
maillog_file = {self.dir}/log
maillog_file_prefixes = {self.dir}
myhostname = mx.example.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
mynetworks =
virtual_mailbox_domains = example.test
virtual_mailbox_base = {self.dir}/mail
virtual_mailbox_maps = regexp:{conf}/mailboxes
virtual_uid_maps = static:{nobody.pw_uid}
virtual_gid_maps = static:{nobody.pw_gid}
virtual_minimum_uid = 1
smtpd_relay_restrictions = reject_unauth_destination
postscreen_greet_action = enforce
""")
        with open(f"{conf}/mailboxes", "w") as f:
            f.write("/^(u[0-9]+)@example\\.test$/ $1/\n")
        subprocess.run(["postfix", "-c", conf, "start"], check=True, capture_output=True)
        await_port(self.ports["SMTP"])
        self.pid = int(open(f"{spool}/pid/master.pid").read())

    def stop(self):
        began = time.monotonic()
        subprocess.run(["postfix", "-c", f"{self.dir}/conf", "stop"], capture_output=True)
        return time.monotonic() - began

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)


class FloodedEverpost(Everpost):
    dns = ("127.0.0.1", 0)
    retry = 17  # the greylist asks for 15 s

    def __init__(self):
        super().__init__(forwards=False)
        names = ("SUBMISSION", "SUBMISSIONS", "IMAPS", "POP3S")
        self.ports = {"SMTP": self.smtp, "IMAP": self.imap, "POP3": self.pop3}
        self.ports.update({name: free_port() for name in names})
        self.status = f"{os.getcwd()}/everpost --config {self.config} status"

    def start(self, dns_port):
        text = open(self.config).read()
        more = "".join(
            f'{name.lower()} = ["127.0.0.1:{port}"]\n' for name, port in self.ports.items()
            if name not in ("SMTP", "IMAP", "POP3"))
        text = text.replace("[listen]\n", "[listen]\n" + more)
        with open(self.config, "w") as f:
            f.write(text + f'[dns]\nservers = ["127.0.0.1:{dns_port}"]\n')
        self._serve()
        self.pid = self.process.pid

    def stop(self):
        """Returns how long it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return time.monotonic() - began


def record(folder, name):
    """The beginning of the names of files about a siege."""
    return f"{folder}/" + re.sub("[^a-z0-9]+", "-", name.lower().replace(",000", "000"))


def draw(names, folder):
    """The picture of sieges that are over."""
    path = f"{folder}/botnet.png"
    subprocess.run(
        [f"{jdk()}/bin/java", "-Djava.awt.headless=true", "-cp", class_path(), "bench/BotnetPicture.java", path,
         *(f"{record(folder, name)}.tsv" for name in names)],
        check=True)
    return path


class FloodedOnCassandra(FloodedEverpost, EverpostOnThreeNodes):
    """The same, with a cluster of three nodes beside it on the same processors: one that has served for a while."""

    def __init__(self):
        super().__init__()
        self._serve()
        send(self, WARM_UP, user)  # what a cluster does has been compiled by then
        self.stop()


def held(peer):
    """What a server holds: open files, and connections by its own count."""
    files = len(os.listdir(f"/proc/{peer.pid}/fd"))
    said = json.loads(subprocess.run(
        f"{peer.status} --json", shell=True, check=True, stdout=subprocess.PIPE, text=True).stdout)
    places = sum(
        int(count.split()[0]) for gate in said["guard"]["connections"].values() for count in gate.values())
    return files, places


def practise(dns_port, begin, end):
    """Zombies are elsewhere: before it is measured, all that they do has been compiled, at the cost of another server."""
    with contextlib.closing(FloodedEverpost()) as other:
        other.start(dns_port)
        try:
            begin(other)
            end()
        finally:
            other.stop()


def siege(peer, name, flood, seconds, folder, stop_after=None):
    """Runs one, with a server that was just started; returns its figures, by name."""
    acquaintance, quiet, flooding = seconds
    path = record(folder, name)
    log = open(f"{path}.log", "w")
    generator = subprocess.Popen(
        # Zombies are elsewhere: at least what compiles them does not take the server's processors.
        [f"{jdk()}/bin/java", "-Xmx1g", "-XX:ThreadPriorityPolicy=1", "-XX:CompilerThreadPriority=10", "-cp", class_path(),
         "bench/Botnet.java", peer.dns[0], str(peer.dns[1])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    figures, stopping = {}, None
    try:
        dns_port = generator.stdout.readline().split("\t")[1].strip()

        def give(order, target):
            order.update({f"port.{service}": port for service, port in target.ports.items()})
            with open(f"{path}.properties", "w") as f:
                f.writelines(f"{key}={value}\n" for key, value in order.items())
            generator.stdin.write(f"{path}.properties\n")
            generator.stdin.flush()

        order = {"mailboxes": MAILBOXES, "password": PASSWORD, **flood}
        print(f"{name}: practice", file=sys.stderr, flush=True)
        practise(dns_port, lambda other: give({**order, "practice": PRACTICE}, other), generator.stdout.readline)
        peer.start(dns_port)
        order.update({
            "name": name, "pid": peer.pid, "acquaintance": acquaintance, "quiet": quiet, "flood": flooding,
            "after": peer.retry + 5, "retry": peer.retry, "chronicle": f"{path}.tsv", "entries": f"{path}.entries"})
        if peer.status:
            order["status"] = peer.status
        give(order, peer)

        def end():
            figures["stop"] = peer.stop()

        for line in generator.stdout:
            words = line.rstrip("\n").split("\t")
            if words[0] == "figure":
                figures[words[1]] = float(words[2])
            elif words[0] == "phase":
                print(f"{name}: {words[1].lower()}", file=sys.stderr, flush=True)
                if words[1] == "QUIET" and "soak" in name:
                    figures["files.before"], figures["places.before"] = held(peer)
                if words[1] == "FLOOD" and stop_after is not None:
                    stopping = threading.Timer(stop_after, end)
                    stopping.start()
        if "soak" in name:
            time.sleep(10)  # whoever was still there has gone
            figures["files.after"], figures["places.after"] = held(peer)
        if generator.wait() != 0:
            raise RuntimeError(f"the generator ended with {generator.returncode}")
    finally:
        generator.kill()
        generator.wait()
        if stopping:
            stopping.join()
        peer.stop()
    return figures


def jdk():
    return subprocess.run(
        [". .ci/jdk && find_jdk 25 && echo $jdk"], shell=True, executable="bash", check=True,
        capture_output=True, text=True).stdout.strip()


def build():
    """The generator, which is not part of the product."""
    subprocess.run(
        ["mvn", "-q", "-B", "-ntp", "-pl", "testkit", "-am", "compile", "dependency:build-classpath",
         "-Dmdep.outputFile=target/bench.classpath"],
        check=True, env={**os.environ, "JAVA_HOME": jdk()}, stderr=subprocess.DEVNULL)


def class_path():
    return "testkit/target/classes:" + open("testkit/target/bench.classpath").read().strip()


def flood(mix, bots, rate=2_000, pause_millis=1_000):
    return {"mix": mix, "bots": bots, "rate": rate, "pause-millis": pause_millis, "per-24": 2, "per-21": 2}


SIEGES = {
    "Postfix, mixed, 200": (lambda: FloodedPostfix(False), flood(MIXED, 200)),
    "Postfix, patient, 200": (lambda: FloodedPostfix(False), flood(PATIENT, 200)),
    "postscreen, mixed, 5,000": (lambda: FloodedPostfix(True), flood(MIXED, 5_000)),
    "postscreen, patient, 1,000": (lambda: FloodedPostfix(True), flood(PATIENT, 1_000)),
    "Everpost, mixed, 10,000": (FloodedEverpost, flood(MIXED, 10_000)),
    "Everpost, patient, 10,000": (FloodedEverpost, flood(PATIENT, 10_000)),
    # As many others were there before, for half of a longer acquaintance.
    "Everpost, mixed, again": (FloodedEverpost, {**flood(MIXED, 10_000), "again": "yes"}),
    "Everpost, patient, again": (FloodedEverpost, {**flood(PATIENT, 10_000), "again": "yes"}),
    "On Cassandra, mixed, 10,000": (FloodedOnCassandra, flood(MIXED, 10_000)),
    "On Cassandra, patient, 10,000": (FloodedOnCassandra, flood(PATIENT, 10_000)),
    "Everpost, 5,000 connects/s": (FloodedEverpost, flood("CHURN:1", 2_000, rate=5_000, pause_millis=0)),
    "Everpost, 2,000 half TLS": (
        FloodedEverpost,
        flood("HALF_TLS_SUBMISSIONS:2,HALF_TLS_IMAPS:2,HALF_STARTTLS:1", 2_000)),
    "Everpost, 500 guesses/s": (
        FloodedEverpost,
        flood("GUESS_SUBMISSIONS:1,GUESS_IMAPS:1,GUESS_POP3S:1", 5_000, rate=500, pause_millis=10_000)),
    "Everpost, stopped amid mixed": (FloodedEverpost, flood(MIXED, 10_000)),
    # Only when asked for: all of it, slowly, for an hour.
    "Everpost, soak": (
        FloodedEverpost,
        flood(
            MIXED + ",PATIENT:20,GUESS_SUBMISSIONS:2,GUESS_IMAPS:2,HALF_TLS_SUBMISSIONS:2,HALF_STARTTLS:2,CHURN:2",
            1_000, rate=50, pause_millis=5_000)),
}

MIB = 1 << 20


def share(name):
    return lambda f: f"{100 * f[name]:.0f} %" if name in f else "–"


def millis(name):
    return lambda f: f"{f[name]:,.0f}" if name in f else "–"


def pair(name):
    return lambda f: f"{f[name + '.before']:,.0f} / {f[name + '.after']:,.0f}" if name + ".after" in f else "–"


def growth(name):
    return lambda f: f"{(f[name + '.flood'] - f[name + '.quiet']) / MIB:,.0f}"


ROWS = [
    ("known sender, taken at the first try", share("known.flood.first")),
    ("  p50, ms", millis("known.flood.p50")),
    ("  p99, ms", millis("known.flood.p99")),
    ("  p99 while quiet, ms", millis("known.quiet.p99")),
    ("newcomer, taken at the first try", share("newcomer.flood.first")),
    ("  at the first or second", share("newcomer.flood.second")),
    ("  p99, ms", millis("newcomer.flood.p99")),
    ("IMAP command, done", share("imap.flood.first")),
    ("  p99, ms", millis("imap.flood.p99")),
    ("  p99 while quiet, ms", millis("imap.quiet.p99")),
    ("IMAP login, done", share("login.flood.first")),
    ("  p99, ms", millis("login.flood.p99")),
    ("submission, taken", share("submission.flood.first")),
    ("  p99, ms", millis("submission.flood.p99")),
    ("  p99 while quiet, ms", millis("submission.quiet.p99")),
    ("everpost status, done", share("status.flood.first")),
    ("  p99, ms", millis("status.flood.p99")),
    ("  p99 while quiet, ms", millis("status.quiet.p99")),
    ("ls, p99, ms", millis("shell.flood.p99")),
    ("  p99 while quiet, ms", millis("shell.quiet.p99")),
    ("zombies connected / greeted, at most", lambda f: f"{f['connected.flood']:,.0f} / {f['served.flood']:,.0f}"),
    ("connections begun by zombies", millis("bots.begun")),
    ("messages taken from zombies", millis("bots.accepted")),
    ("passwords tried", millis("bots.guessed")),
    ("processors used by the server", lambda f: f"{f['cpu.flood']:.2f}"),
    ("  while quiet", lambda f: f"{f['cpu.quiet']:.2f}"),
    ("processors used by the generator", lambda f: f"{f['generator']:.2f}"),
    ("DNS queries in the flood", millis("queries.flood")),
    ("memory above quiet, resident, MiB", growth("resident")),
    ("  private, MiB", growth("private")),
    ("files open before / after", pair("files")),
    ("connections counted before / after", pair("places")),
    ("time to stop, s", lambda f: f"{f['stop']:.1f}" if "stop" in f else "–"),
]


def table(results):
    """One column a siege, aligned."""
    rows = [["", *results]]
    for what, cell in ROWS:
        rows.append([what, *(cell(figures) for figures in results.values())])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))
        yield "  ".join((row[0].ljust(widths[0]), *cells))


def run(quick, wanted, folder, seconds):
    """All sieges whose name has one of the words that are wanted."""
    build()
    os.makedirs(folder, exist_ok=True)
    needed, files = 12_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files < needed:
        print(f"bench: only {files} files may be open, a whole flood needs {needed}: raise the hard limit "
              "(ulimit -Hn) before; floods are smaller now", file=sys.stderr)
    results = {}
    for name, (make, order) in SIEGES.items():
        if not any(word in name for word in wanted or [""]) or ("soak" in name and "soak" not in wanted):
            continue
        order = {**order, "bots": min(order["bots"], files - 2_000)}
        with contextlib.closing(make()) as peer:
            stop_after = seconds / 2 if "stopped" in name else None
            acquaintance, quiet = (10, 5) if quick else (20, 10)
            acquaintance *= 3 if "again" in order else 1
            results[name] = siege(peer, name, order, (acquaintance, quiet, seconds), folder, stop_after)
        with open(f"{record(folder, name)}.json", "w") as f:
            json.dump(results[name], f, indent=1)
        print("\n".join(table({name: results[name]})), file=sys.stderr, flush=True)
    print("\n".join(table(results)))
    print("\npicture:", draw(results, folder))
