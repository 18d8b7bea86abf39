"""Everpost beside Postfix and Dovecot: delivery, IMAP, POP3, idle connections, start, memory.

Every figure is the median of three after a warm-up; relaying: of five after three, in which the servers take turns.
`--only NAME` runs one part, `--quick` a tenth. `--only botnet` is apart from the others: servers under a flood, one
after the other.
"""

import argparse
import contextlib
import os
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import time

import botnet
import disk
from peers import (
    MAILBOXES, PASSWORD, SIZE, Everpost, EverpostOnThreeNodes, PostfixDovecot, await_port, cpu_seconds,
    private_memory, send, user)

def busy_seconds():
    """Processor time spent by everybody since boot."""
    fields = open("/proc/stat").readline().split()[1:]
    user_, nice, system, _, _, irq, softirq = map(int, fields[:7])
    return (user_ + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    total = 0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total


def deliver(peer, messages):
    """Into mailboxes; returns messages a second and the server's CPU ms a message."""
    busy, own, began = busy_seconds(), own_seconds(), time.monotonic()
    send(peer, messages, user)
    while peer.pending():
        time.sleep(0.01)
    seconds = time.monotonic() - began
    cpu = (busy_seconds() - busy) - (own_seconds() - own)
    return messages / seconds, 1000 * cpu / messages


class Line:
    """A dialogue over one socket."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = b""

    def send(self, text):
        self.socket.sendall(text.encode())

    def until(self, end):
        """Reads up to a line that begins with `end`; returns how many octets passed."""
        data, count, mark = self.pending, 0, b"\r\n" + end
        data = b"\r\n" + data
        while True:
            at = data.find(mark)
            if at >= 0:
                line_end = data.find(b"\r\n", at + 2)
                if line_end >= 0:
                    self.pending = data[line_end + 2:]
                    if not data[at + 2:line_end].startswith(end):
                        raise RuntimeError(data[at:line_end])
                    self.last = data[at + 2:line_end]
                    return count + line_end
            keep = 4096
            if at < 0 and len(data) > keep:
                count += len(data) - keep
                data = data[-keep:]
            more = self.socket.recv(1 << 18)
            if not more:
                raise RuntimeError("the server closed the connection")
            data += more

    def line(self):
        while b"\r\n" not in self.pending:
            more = self.socket.recv(1 << 16)
            if not more:
                raise RuntimeError("the server closed the connection")
            self.pending += more
        line, self.pending = self.pending.split(b"\r\n", 1)
        return line

    def close(self):
        self.socket.close()


class Imap(Line):
    def __init__(self, port, login=True, i=0):
        super().__init__(port)
        self.line()
        if login:
            self.command(f"LOGIN {user(i)} {PASSWORD}")

    def command(self, text):
        self.send(f"a {text}\r\n")
        octets = self.until(b"a ")
        if not self.last.startswith(b"a OK"):
            raise RuntimeError(self.last)
        return octets


class Pop3(Line):
    def __init__(self, port, i=0):
        super().__init__(port)
        self.line()
        for text in (f"USER {user(i)}", f"PASS {PASSWORD}"):
            self.send(text + "\r\n")
            reply = self.line()
            if not reply.startswith(b"+OK"):
                raise RuntimeError(reply)

    def retrieve(self, number):
        self.send(f"RETR {number}\r\n")
        self.until(b".")


def timed(action, times=3, warm=10):
    for _ in range(warm):
        action()
    measured = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        measured.append(time.perf_counter() - began)
    return statistics.median(measured)


def fill(peer, i, messages):
    """Delivers by SMTP."""
    subprocess.run(
        ["smtp-source", "-d", "-s", "4", "-m", str(messages), "-l", str(SIZE), "-f", "s@client.test",
         "-t", user(i), f"inet:127.0.0.1:{peer.smtp}"], check=True)
    while peer.pending():
        time.sleep(0.05)


def imap_figures(peer, scale):
    messages = 1000 // scale
    box = Imap(peer.imap)
    box.send("a CREATE bench\r\n")
    box.until(b"a ")
    box.command("SELECT bench")
    text = f"From: a@example.test\r\nTo: b@example.test\r\nSubject: benchmark\r\nMessage-ID: <x@y>\r\n\r\n"
    text += ("x" * 78 + "\r\n") * ((SIZE - len(text)) // 80)
    for _ in range(messages):
        box.send(f"a APPEND bench {{{len(text)}+}}\r\n{text}\r\n")
        box.until(b"a ")
    box.command("SELECT bench")
    yield "FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE), 1,000 messages, ms", 1000 * timed(
        lambda: box.command("FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE)"), warm=30)
    yield "FETCH 1:* BODY.PEEK[], 1,000 messages, ms", 1000 * timed(
        lambda: box.command("FETCH 1:* BODY.PEEK[]"), warm=30)
    yield "SELECT of 1,000 messages, ms", 1000 * timed(
        lambda: box.command("SELECT bench"), warm=200, times=31)
    box.close()


def select_large(peer, scale):
    messages = 100_000 // scale
    box = Imap(peer.imap, i=1)
    box.send("a CREATE large\r\n")
    box.until(b"a ")
    text = "Subject: small\r\n\r\nsmall\r\n"
    if not peer.put(1, "large", text, messages):
        for begin in range(0, messages, 500):
            for _ in range(500):
                box.send(f"a APPEND large {{{len(text)}+}}\r\n{text}\r\n")
            for _ in range(500):
                box.until(b"a ")
    yield "SELECT of 100,000 messages, ms", 1000 * timed(
        lambda: box.command("SELECT large"), warm=50, times=11)
    box.close()


def pop3_figures(peer, scale):
    messages = 1000 // scale
    fill(peer, 2, messages)
    pop = Pop3(peer.pop3, i=2)

    def one_at_a_time():
        for number in range(1, messages + 1):
            pop.retrieve(number)

    def pipelined():
        pop.send("".join(f"RETR {n}\r\n" for n in range(1, messages + 1)))
        for _ in range(messages):
            pop.until(b".")

    yield "POP3 RETR, one at a time, messages/s", messages / timed(one_at_a_time, warm=20)
    yield "POP3 RETR, pipelined, messages/s", messages / timed(pipelined, warm=20)
    pop.close()


def idle(peer, connections):
    """Sessions of all mailboxes, each in IDLE."""
    boxes = []
    for n in range(connections):
        box = Imap(peer.imap, i=n % MAILBOXES)
        box.command("SELECT INBOX")
        box.send("a IDLE\r\n")
        box.until(b"+ ")
        boxes.append(box)
    time.sleep(2)
    return boxes


def idle_figures(peer, scale):
    connections = 10_000 // scale
    peer.stop()
    peer.start()  # what earlier parts left in its memory would hide what these need
    for box in idle(peer, connections // 5):  # the warm-up
        box.close()
    time.sleep(2)
    before = private_memory(peer.pids())
    boxes = idle(peer, connections)
    yield "idle IMAP connections, KiB each", (private_memory(peer.pids()) - before) / 1024 / connections
    for box in boxes:
        box.close()


def delivery_figures(peer, scale):
    messages = peer.deliveries // scale
    for _ in range(peer.warm_ups):
        deliver(peer, messages)
    database = isinstance(peer, EverpostOnThreeNodes)
    before = cpu_seconds(peer.database_pids()) if database else 0
    runs = [deliver(peer, messages) for _ in range(3)]
    yield "delivered by SMTP, messages/s", statistics.median(r[0] for r in runs)
    yield "server CPU, ms a message", statistics.median(r[1] for r in runs)
    if database:
        spent = cpu_seconds(peer.database_pids()) - before
        yield "of it in Cassandra, ms a message", 1000 * spent / (3 * messages)


class Sink:
    """A server elsewhere that takes everything, and counts."""

    def __init__(self, port):
        self.process = subprocess.Popen(
            ["smtp-sink", "-u", "nobody", "-c", f"127.0.0.1:{port}", "1000"], stdout=subprocess.PIPE)
        os.set_blocking(self.process.stdout.fileno(), False)
        await_port(port)
        self.messages = 0

    def await_messages(self, count):
        text = b""
        while self.messages < count:
            text = (text + (self.process.stdout.read() or b""))[-200:]
            counts = re.findall(rb"mesg=(\d+)\r", text)
            self.messages = int(counts[-1]) if counts else self.messages
            time.sleep(0.005)

    def close(self):
        self.process.kill()
        self.process.wait()


def relay(peer, sink, messages):
    """To another server; messages a second relayed and accepted, and the server's CPU ms a message."""
    busy, own, began = busy_seconds(), own_seconds(), time.monotonic()
    sunk = cpu_seconds([sink.process.pid])
    expected = sink.messages + messages
    send(peer, messages, peer.leaving)
    accepted = time.monotonic() - began
    sink.await_messages(expected)
    seconds = time.monotonic() - began
    sunk = cpu_seconds([sink.process.pid]) - sunk
    cpu = (busy_seconds() - busy) - (own_seconds() - own) - sunk
    return messages / seconds, 1000 * cpu / messages, messages / accepted


RELAY_ROUNDS = 5


def relay_in_turns(peers, scale):
    """Of each peer; they take turns, so that a machine that becomes slower does so for all."""
    with contextlib.ExitStack() as open_:
        sinks, runs = [open_.enter_context(contextlib.closing(Sink(peer.sink))) for peer in peers], []
        for peer, sink in zip(peers, sinks):
            runs.append([relay(peer, sink, peer.relayed // scale) for _ in range(peer.relay_warm_ups)])
        for _ in range(RELAY_ROUNDS):
            for peer, sink, its in zip(peers, sinks, runs):
                its.append(relay(peer, sink, peer.relayed // scale))
                print(f"{peer.name}: relayed {its[-1][0]:,.0f} messages/s", file=sys.stderr, flush=True)
    for peer, its in zip(peers, runs):
        rate, cpu, accepted = (statistics.median(column) for column in zip(*its[-RELAY_ROUNDS:]))
        yield peer, "relayed by SMTP just after the start, messages/s", its[0][0]
        yield peer, "relayed by SMTP, messages/s", rate
        yield peer, "relaying, server CPU, ms a message", cpu
        yield peer, "relaying, accepted, messages/s", accepted


def queue_figures(peer, scale):
    """With a long queue for a server that does not answer: a new start, and a message to one that does."""
    messages = 100_000 // scale
    sink = Sink(peer.sink)

    def fresh():
        """Starts; returns how long the first message takes from there, and the memory then."""
        peer.stop()
        peer.start()
        began, expected = time.monotonic(), sink.messages + 1
        subprocess.run(
            ["smtp-source", "-m", "1", "-l", str(SIZE), "-f", "sender@client.test", "-t", peer.leaving(0),
             f"inet:127.0.0.1:{peer.smtp}"], check=True)
        sink.await_messages(expected)
        seconds = time.monotonic() - began
        time.sleep(5)
        return seconds, private_memory(peer.pids())

    try:
        first, before = fresh()
        yield "first message relayed after a start, empty queue, s", first
        send(peer, messages, peer.stuck)
        first, after = fresh()
        yield f"start to ready, {messages:,} queued, s", peer.start_seconds
        yield f"first message relayed after a start, {messages:,} queued, s", first
        yield f"memory for {messages:,} queued, MiB", (after - before) / (1 << 20)
    finally:
        sink.close()


def start_figures(peer, scale):
    starts = []
    for _ in range(3):
        peer.stop()
        peer.start()
        starts.append(peer.start_seconds)
    yield "start to ready, s", statistics.median(starts)
    time.sleep(3)
    yield "resident memory, idle, MiB", private_memory(peer.pids()) / (1 << 20)


PARTS = {
    "start": start_figures,
    "delivery": delivery_figures,
    "imap": imap_figures,
    "pop3": pop3_figures,
    "select": select_large,
    "queue": queue_figures,
    "idle": idle_figures,
}


MAKERS = {
    "postfix-dovecot": PostfixDovecot,
    "rocksdb": Everpost,
    "cassandra": lambda: Everpost("Cassandra", 'engine = "cassandra"'),
    "cassandra3": EverpostOnThreeNodes,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[*PARTS, "relay", "botnet"], action="append")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, for a look")
    parser.add_argument("--peer", choices=MAKERS, action="append")
    parser.add_argument("--seconds", type=int, help="botnet: how long each flood lasts (60, quick: 15)")
    parser.add_argument("--siege", action="append", help="botnet: only those whose name has this word")
    parser.add_argument("--folder", default="target/botnet", help="botnet: where the picture and the records go")
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers end, too
    with disk.own():
        if "botnet" in (options.only or []):
            seconds = options.seconds or (15 if options.quick else 60)
            botnet.run(options.quick, options.siege, options.folder, seconds)
        else:
            compare(options.only, options.peer or ["postfix-dovecot", "rocksdb"], 10 if options.quick else 1)


def compare(only, keys, scale):
    """Measures and prints the table."""
    table, names = {}, []

    def tell(peer, what, figure):
        table.setdefault(what, {})[peer.name] = figure
        print(f"{peer.name}: {what}: {figure:,.2f}", file=sys.stderr, flush=True)

    for key in keys:
        with running(key) as peer:
            names.append(peer.name)
            for part, measure in PARTS.items():
                if only and part not in only:
                    continue
                if part == "start" and isinstance(peer, PostfixDovecot):
                    tell(peer, "start to ready, s", peer.start_seconds)
                    time.sleep(3)
                    tell(peer, "resident memory, idle, MiB", private_memory(peer.pids()) / (1 << 20))
                    continue
                for what, figure in measure(peer, scale):
                    tell(peer, what, figure)
    if not only or "relay" in only:
        with contextlib.ExitStack() as all_:
            for line in relay_in_turns([all_.enter_context(running(key)) for key in keys], scale):
                tell(*line)
    print("| what | " + " | ".join(names) + " |")
    print("|---|" + "---|" * len(names))
    for what, figures in table.items():
        cells = (f"{figures[n]:,.2f}" if n in figures else "–" for n in names)
        print(f"| {what} | " + " | ".join(cells) + " |")


@contextlib.contextmanager
def running(key):
    peer = MAKERS[key]()
    try:
        peer.start()
        yield peer
    finally:
        peer.stop()
        peer.close()


if __name__ == "__main__":
    main()
