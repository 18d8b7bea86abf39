"""Python's mail client libraries at work. The server's ports and two accounts come by environment."""

import base64
import email
import email.policy
import imaplib
import os
import poplib
import re
import smtplib
import socket
import ssl
import time
import unittest
from email.message import EmailMessage

HOST = "127.0.0.1"
ONE = os.environ["USER_ONE"]
TWO = os.environ["USER_TWO"]
PASSWORD = os.environ["PASSWORD"]
TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE

MESSAGE = b"From: <a@elsewhere.example>\r\nTo: <b@elsewhere.example>\r\nSubject: hello\r\n\r\nBody.\r\n"


def port(service):
    return int(os.environ["PORT_" + service])


def message(subject, body="Body.\n", **more):
    made = EmailMessage()
    made["From"] = more.get("sender", ONE)
    made["To"] = more.get("to", ONE)
    made["Subject"] = subject
    made["Message-ID"] = "<%s@elsewhere.example>" % subject.replace(" ", "-")
    made.set_content(body)
    return made


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


class SmtpTest(unittest.TestCase):
    def inbox(self, user, subject):
        with imaplib.IMAP4(HOST, port("imap")) as imap:
            imap.login(user, PASSWORD)
            imap.select(readonly=True)
            _, found = imap.search(None, "SUBJECT", quoted(subject))
            _, data = imap.fetch(found[0].split()[-1], "(RFC822)")
            return email.message_from_bytes(data[0][1], policy=email.policy.default)

    def test_extensions_and_commands(self):
        with smtplib.SMTP(HOST, port("smtp"), "client.example") as smtp:
            self.assertEqual(250, smtp.ehlo()[0])
            for extension in ("pipelining", "size", "8bitmime", "smtputf8", "enhancedstatuscodes",
                              "chunking", "binarymime", "starttls"):
                self.assertTrue(smtp.has_extn(extension), extension)
            self.assertEqual(250, smtp.noop()[0])
            self.assertEqual(250, smtp.rset()[0])
            self.assertIn(smtp.verify(ONE)[0], (250, 252, 502))
            self.assertIn(b"MAIL", smtp.help())
            self.assertEqual(250, smtp.helo()[0])
            with self.assertRaises(smtplib.SMTPException):
                smtp.login(ONE, PASSWORD)

    def test_message_to_several_one_of_them_unknown(self):
        with smtplib.SMTP(HOST, port("smtp"), "client.example") as smtp:
            smtp.starttls(context=TLS)
            refused = smtp.send_message(message("several"), "a@elsewhere.example",
                                        [ONE, TWO, "nobody@example.test"])
        self.assertEqual(["nobody@example.test"], list(refused))
        self.assertEqual(550, refused["nobody@example.test"][0])
        for user in (ONE, TWO):
            self.assertEqual("Body.\r\n", self.inbox(user, "several").get_content())

    def test_all_recipients_refused(self):
        with smtplib.SMTP(HOST, port("smtp"), "client.example") as smtp:
            with self.assertRaises(smtplib.SMTPRecipientsRefused):
                smtp.send_message(message("none"), "a@elsewhere.example", ["nobody@example.test"])

    def test_submission(self):
        with smtplib.SMTP(HOST, port("submission"), "client.example") as smtp:
            smtp.starttls(context=TLS)
            smtp.login(ONE, PASSWORD)
            smtp.send_message(message("submitted", to=TWO))
        self.assertEqual(ONE, self.inbox(TWO, "submitted")["From"])

    def test_submission_with_tls_from_the_start(self):
        for mechanism in ("PLAIN", "LOGIN"):
            with smtplib.SMTP_SSL(HOST, port("submissions"), "client.example", context=TLS) as smtp:
                smtp.ehlo()
                smtp.user, smtp.password = ONE, PASSWORD
                method = {"PLAIN": smtp.auth_plain, "LOGIN": smtp.auth_login}[mechanism]
                self.assertEqual(235, smtp.auth(mechanism, method)[0])
                smtp.send_message(message("by " + mechanism, to=TWO))
            self.inbox(TWO, "by " + mechanism)

    def test_wrong_password(self):
        with smtplib.SMTP_SSL(HOST, port("submissions"), "client.example", context=TLS) as smtp:
            with self.assertRaises(smtplib.SMTPAuthenticationError) as caught:
                smtp.login(ONE, "wrong")
            self.assertEqual(535, caught.exception.smtp_code)

    def test_international_addresses(self):
        made = message("utf8 Grüße", "Schöne Grüße\n", sender="jörg@elsewhere.example")
        with smtplib.SMTP(HOST, port("smtp"), "client.example") as smtp:
            smtp.send_message(made, "jörg@elsewhere.example", [ONE])
        with imaplib.IMAP4(HOST, port("imap")) as imap:
            imap.login(ONE, PASSWORD)
            imap.enable("UTF8=ACCEPT")
            imap.select(readonly=True)
            _, found = imap.search(None, 'FROM "jörg@elsewhere.example"')
            _, data = imap.fetch(found[0].split()[-1], "(RFC822)")
        raw = data[0][1]
        self.assertIn("Return-Path: <jörg@elsewhere.example>".encode(), raw)
        self.assertIn(b"with UTF8SMTP", raw)
        self.assertIn("From: jörg@elsewhere.example".encode(), raw)

    def test_eight_bit_and_dots(self):
        raw = ("From: <a@elsewhere.example>\r\nSubject: eight bits\r\n\r\n"
               ".\r\n..\r\n.a\r\nä\r\n").encode("latin-1")
        with smtplib.SMTP(HOST, port("smtp"), "client.example") as smtp:
            smtp.sendmail("a@elsewhere.example", [ONE], raw, mail_options=["BODY=8BITMIME"])
        with imaplib.IMAP4(HOST, port("imap")) as imap:
            imap.login(ONE, PASSWORD)
            imap.select(readonly=True)
            _, found = imap.search(None, "SUBJECT", '"eight bits"')
            _, data = imap.fetch(found[0], "(RFC822)")
        self.assertTrue(data[0][1].endswith(raw))

    def test_lmtp(self):
        with smtplib.LMTP(HOST, port("lmtp"), "client.example") as lmtp:
            lmtp.ehlo()
            lmtp.mail("a@elsewhere.example")
            self.assertEqual(250, lmtp.rcpt(ONE)[0])
            self.assertEqual(250, lmtp.rcpt(TWO)[0])
            self.assertEqual(250, lmtp.data(message("by lmtp").as_bytes(policy=email.policy.SMTP))[0])
            # One reply each: the library reads only the first.
            self.assertEqual(250, lmtp.getreply()[0])
        self.inbox(ONE, "by lmtp")
        self.inbox(TWO, "by lmtp")


class ImapTest(unittest.TestCase):
    def setUp(self):
        self.imap = imaplib.IMAP4(HOST, port("imap"))
        self.imap.login(ONE, PASSWORD)
        self.name = "Test/" + self.id().rsplit(".", 1)[-1]

    def tearDown(self):
        try:
            self.imap.logout()
        except (imaplib.IMAP4.error, OSError):
            pass

    def ok(self, answer):
        self.assertEqual("OK", answer[0], answer)
        return answer[1]

    def mailbox(self, *subjects):
        self.ok(self.imap.create(self.name))
        for subject in subjects:
            self.ok(self.imap.append(self.name, None, None, message(subject).as_bytes()))
        self.ok(self.imap.select(self.name))

    def test_login_by_all_ways(self):
        for secure in (False, True):
            if secure:
                imap = imaplib.IMAP4_SSL(HOST, port("imaps"), ssl_context=TLS)
            else:
                imap = imaplib.IMAP4(HOST, port("imap"))
                self.ok(imap.starttls(TLS))
            with imap:
                secret = ("\0%s\0%s" % (ONE, PASSWORD)).encode()
                self.ok(imap.authenticate("PLAIN", lambda _, its=secret: its))
                self.ok(imap.select())
        with imaplib.IMAP4(HOST, port("imap")) as imap:
            with self.assertRaises(imaplib.IMAP4.error) as caught:
                imap.login(ONE, "wrong")
            self.assertIn("AUTHENTICATIONFAILED", str(caught.exception))

    def test_capability_noop_and_namespace(self):
        said = self.ok(self.imap.capability())[0].decode().split()
        for name in ("IMAP4rev1", "IMAP4rev2", "IDLE", "MOVE", "UIDPLUS", "QUOTA", "CONDSTORE", "QRESYNC",
                     "ENABLE", "SPECIAL-USE", "UTF8=ACCEPT", "LITERAL+", "SASL-IR", "COMPRESS=DEFLATE"):
            self.assertIn(name, said)
        self.ok(self.imap.noop())
        self.assertIn(b'"/"', self.ok(self.imap.namespace())[0])

    def test_mailboxes(self):
        imap = self.imap
        self.ok(imap.create(self.name + "/a"))
        self.ok(imap.create(self.name + "/b"))
        self.assertEqual("NO", imap.create(self.name + "/a")[0])
        listed = b"\n".join(self.ok(imap.list(quoted(""), quoted(self.name + "/%"))))
        self.assertIn(self.name.encode() + b"/a", listed)
        self.assertIn(self.name.encode() + b"/b", listed)
        self.ok(imap.rename(self.name + "/a", self.name + "/c"))
        self.ok(imap.subscribe(self.name + "/c"))
        subscribed = b"\n".join(self.ok(imap.lsub(quoted(""), quoted(self.name + "*"))))
        self.assertIn(self.name.encode() + b"/c", subscribed)
        self.ok(imap.unsubscribe(self.name + "/c"))
        self.assertEqual([None], self.ok(imap.lsub(quoted(""), quoted(self.name + "/c"))))
        self.ok(imap.delete(self.name + "/b"))
        self.assertEqual("NO", imap.delete(self.name + "/b")[0])
        self.assertEqual("NO", imap.select(self.name + "/b")[0])

    def test_names_in_other_scripts(self):
        name = self.name + "/Entw&APw-rfe"
        self.ok(self.imap.create(name))
        self.assertIn(name.encode(), self.ok(self.imap.list(quoted(""), quoted(self.name + "/*")))[0])
        self.ok(self.imap.enable("UTF8=ACCEPT"))
        listed = self.ok(self.imap.list(quoted(""), quoted(self.name + "/*")))[0]
        self.assertIn((self.name + "/Entwürfe").encode(), listed)

    def test_append_and_status(self):
        self.mailbox()
        when = time.mktime((2001, 2, 3, 4, 5, 6, 0, 0, 0))
        answer = self.ok(self.imap.append(self.name, r"(\Seen $Label1)", imaplib.Time2Internaldate(when), MESSAGE))
        self.assertRegex(answer[0], rb"\[APPENDUID \d+ 1\]")
        status = self.ok(self.imap.status(self.name, "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)"))[0]
        self.assertIn(b"MESSAGES 1", status)
        self.assertIn(b"UIDNEXT 2", status)
        self.assertIn(b"UNSEEN 0", status)
        self.ok(self.imap.noop())
        fetched = self.ok(self.imap.fetch("1", "(FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"))
        self.assertEqual(MESSAGE, fetched[0][1])
        self.assertIn(b"$Label1", fetched[0][0])
        self.assertIn(b"RFC822.SIZE %d" % len(MESSAGE), fetched[0][0])
        self.assertEqual(when, time.mktime(imaplib.Internaldate2tuple(fetched[0][0])))

    def test_fetch_of_parts(self):
        self.mailbox()
        made = message("parts", "text part\n")
        made.add_attachment(b"\x00\x01binary", maintype="application", subtype="octet-stream",
                            filename="a.bin")
        self.ok(self.imap.append(self.name, None, None, made.as_bytes(policy=email.policy.SMTP)))

        def one(what):
            return self.ok(self.imap.fetch("1", what))[0]

        self.assertEqual(b"text part\r\n", one("(BODY.PEEK[1])")[1])
        self.assertIn(b"a.bin", one("(BODY.PEEK[2.MIME])")[1])
        self.assertEqual(b"\x00\x01binary", base64.b64decode(one("(BODY.PEEK[2])")[1]))
        self.assertEqual(b"Subject: parts\r\n\r\n", one("(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1])
        self.assertNotIn(b"Subject:", one("(BODY.PEEK[HEADER.FIELDS.NOT (SUBJECT)])")[1])
        self.assertEqual(b"text", one("(BODY.PEEK[1]<0.4>)")[1])
        self.assertEqual(b"", one("(BODY.PEEK[1]<1000.4>)")[1])
        self.assertIn(b'"parts"', one("(ENVELOPE)"))
        self.assertIn(b'"OCTET-STREAM"', one("(BODYSTRUCTURE)").upper())
        self.assertIn(b'"MIXED"', one("(BODY)").upper())
        self.assertEqual(made.as_bytes(policy=email.policy.SMTP), one("(RFC822)")[1])
        self.assertTrue(one("(RFC822.HEADER)")[1].startswith(b"From:"))
        self.assertIn(b"text part", one("(RFC822.TEXT)")[1])
        self.assertIn(b"\\Seen", one("(FLAGS)"))
        for macro in ("ALL", "FAST", "FULL"):
            self.assertIn(b"FLAGS", one(macro))

    def test_store(self):
        self.mailbox("one", "two", "three")
        self.ok(self.imap.store("1:2", "+FLAGS", r"(\Flagged keyword)"))
        self.ok(self.imap.store("2", "-FLAGS", r"\Flagged"))
        self.ok(self.imap.store("3", "FLAGS", r"(\Answered \Draft)"))
        self.assertEqual([None], self.ok(self.imap.store("3", "+FLAGS.SILENT", r"\Seen")))
        flags = [set(imaplib.ParseFlags(line)) for line in self.ok(self.imap.fetch("1:3", "(FLAGS)"))]
        flags = [its - {rb"\Recent"} for its in flags]
        self.assertEqual([{rb"\Flagged", b"keyword"}, {b"keyword"}, {rb"\Answered", rb"\Draft", rb"\Seen"}], flags)
        self.ok(self.imap.uid("STORE", "1:*", "FLAGS", r"()"))

    def test_search(self):
        self.mailbox("apple pie", "banana", "cherry pie")
        self.ok(self.imap.store("2", "+FLAGS", r"(\Seen \Answered word)"))

        def found(*criteria):
            return self.ok(self.imap.search(None, *criteria))[0]

        self.assertEqual(b"1 2 3", found("ALL"))
        self.assertEqual(b"1 3", found("SUBJECT", '"pie"'))
        self.assertEqual(b"2", found("SEEN"))
        self.assertEqual(b"1 3", found("UNSEEN"))
        self.assertEqual(b"2", found("ANSWERED", "KEYWORD", "word"))
        self.assertEqual(b"1 3", found("NOT", "KEYWORD", "word"))
        self.assertEqual(b"1 2", found("OR", "SUBJECT", "apple", "SUBJECT", "banana"))
        self.assertEqual(b"3", found("(SUBJECT pie NOT SUBJECT apple)"))
        self.assertEqual(b"1 2 3", found("BODY", "body", "SINCE", "1-Jan-2001", "LARGER", "10", "SMALLER", "100000"))
        self.assertEqual(b"", found("BEFORE", "1-Jan-2001"))
        self.assertEqual(b"2 3", found("2:*"))
        self.assertEqual(b"3", found("UID", "3:10"))
        self.assertEqual(b"1", found("HEADER", "Message-ID", "apple"))
        self.assertEqual(b"", found("TEXT", '"no such thing"'))
        self.assertEqual(b"1 3", self.ok(self.imap.uid("SEARCH", "SUBJECT", "pie"))[0])
        self.imap.literal = "pie".encode()
        self.assertEqual(b"1 3", self.ok(self.imap.search("UTF-8", "SUBJECT"))[0])
        with self.assertRaises(imaplib.IMAP4.error):
            self.imap.search(None, "NONSENSE")

    def test_copy_move_expunge(self):
        self.mailbox("one", "two", "three")
        other = self.name + "-other"
        self.assertEqual("NO", self.imap.copy("1", other)[0])
        self.assertIsNotNone(self.imap.response("TRYCREATE")[1][0])
        self.ok(self.imap.create(other))
        self.ok(self.imap.copy("1:2", other))
        self.assertTrue(self.imap.response("COPYUID")[1][0])
        self.ok(self.imap.uid("MOVE", "3", other))
        self.assertEqual(b"1 2", self.ok(self.imap.search(None, "ALL"))[0])
        self.ok(self.imap.store("1", "+FLAGS", r"\Deleted"))
        self.assertEqual(b"1", self.ok(self.imap.expunge())[-1])
        self.assertEqual(b"2", self.ok(self.imap.uid("SEARCH", "ALL"))[0])
        self.ok(self.imap.store("1", "+FLAGS", r"\Deleted"))
        self.ok(self.imap.uid("EXPUNGE", "1"))
        self.assertEqual(b"1", self.ok(self.imap.search(None, "ALL"))[0])
        self.ok(self.imap.close())
        self.assertEqual([b"0"], self.ok(self.imap.select(self.name)))
        self.assertEqual([b"3"], self.ok(self.imap.select(other)))
        if hasattr(self.imap, "unselect"):
            self.ok(self.imap.unselect())
        self.ok(self.imap.select(other, readonly=True))

    def test_quota(self):
        answer = self.ok(self.imap.getquotaroot("INBOX"))
        self.assertTrue(answer[0])
        self.assertIn(self.imap.getquota(quoted(""))[0], ("OK", "NO"))

    def test_check_and_examine(self):
        self.mailbox("one")
        self.ok(self.imap.check())
        self.ok(self.imap.select(self.name, readonly=True))
        self.assertEqual("NO", self.imap.store("1", "+FLAGS", r"\Seen")[0])

    def test_idle(self):
        self.mailbox("one")
        tag = self.imap._new_tag()
        self.imap.send(tag + b" IDLE\r\n")
        self.assertTrue(self.imap.readline().startswith(b"+"))
        with imaplib.IMAP4(HOST, port("imap")) as other:
            other.login(ONE, PASSWORD)
            other.append(self.name, None, None, MESSAGE)
            self.assertEqual(b"* 2 EXISTS\r\n", self.until(b"EXISTS"))
            other.select(self.name)
            other.store("1", "+FLAGS", r"(\Flagged \Deleted)")
            self.assertIn(rb"\Flagged", self.until(b"FETCH"))
            other.expunge()
            self.assertEqual(b"* 1 EXPUNGE\r\n", self.until(b"EXPUNGE"))
        self.imap.send(b"DONE\r\n")
        self.assertIn(b"OK", self.until(tag))
        self.ok(self.imap.noop())

    def until(self, word):
        while True:
            line = self.imap.readline()
            self.assertTrue(line, "closed")
            if word in line:
                return line

    def test_what_is_not_supported_is_answered(self):
        for command in (lambda: self.imap.getacl("INBOX"), lambda: self.imap.xatom("NONSENSE")):
            try:
                self.assertNotEqual("OK", command()[0])
            except imaplib.IMAP4.error:
                pass
        self.ok(self.imap.noop())


class PopTest(unittest.TestCase):
    def setUp(self):
        with smtplib.SMTP(HOST, port("smtp"), "client.example") as smtp:
            self.sent = [message("pop %d" % i, "Line one.\n.dot\nLine three.\n") for i in range(3)]
            for its in self.sent:
                smtp.send_message(its, "a@elsewhere.example", [ONE])

    def tearDown(self):
        pop = self.login()
        for number in range(1, pop.stat()[0] + 1):
            pop.dele(number)
        pop.quit()

    def login(self):
        pop = poplib.POP3(HOST, port("pop3"))
        pop.user(ONE)
        pop.pass_(PASSWORD)
        return pop

    def test_whole_session(self):
        pop = self.login()
        count, octets = pop.stat()
        self.assertEqual(3, count)
        listed = [tuple(map(int, line.split())) for line in pop.list()[1]]
        self.assertEqual([1, 2, 3], [number for number, _ in listed])
        self.assertEqual(octets, sum(size for _, size in listed))
        self.assertTrue(pop.list(2).endswith(b" %d" % listed[1][1]))
        lines = pop.retr(1)[1]
        self.assertEqual(listed[0][1], sum(len(line) + 2 for line in lines))
        self.assertEqual([b"Line one.", b".dot", b"Line three."], lines[-3:])
        self.assertEqual(b"Line one.", pop.top(1, 1)[1][-1])
        self.assertEqual(b"", pop.top(1, 0)[1][-1])
        self.assertTrue(pop.noop().startswith(b"+OK"))
        self.assertTrue(pop.dele(1).startswith(b"+OK"))
        self.assertEqual(2, pop.stat()[0])
        with self.assertRaises(poplib.error_proto):
            pop.retr(1)
        self.assertTrue(pop.rset().startswith(b"+OK"))
        self.assertEqual(3, pop.stat()[0])
        with self.assertRaises(poplib.error_proto):
            pop.retr(4)
        pop.quit()

    def test_uidl_is_stable_and_dele_is_done_at_quit(self):
        pop = self.login()
        before = pop.uidl()[1]
        self.assertTrue(pop.uidl(2).endswith(before[1].split()[1]))
        pop.dele(2)
        pop.close()
        pop = self.login()
        self.assertEqual(before, pop.uidl()[1])
        pop.dele(2)
        pop.quit()
        pop = self.login()
        self.assertEqual([before[0].split()[1], before[2].split()[1]],
                         [line.split()[1] for line in pop.uidl()[1]])
        pop.quit()

    def test_capabilities(self):
        pop = poplib.POP3(HOST, port("pop3"))
        said = pop.capa()
        for name in ("TOP", "UIDL", "PIPELINING", "SASL", "STLS", "RESP-CODES", "AUTH-RESP-CODE", "USER", "UTF8"):
            self.assertIn(name, said)
        pop.quit()

    def test_tls(self):
        pop = poplib.POP3(HOST, port("pop3"))
        self.assertTrue(pop.stls(TLS).startswith(b"+OK"))
        self.assertNotIn("STLS", pop.capa())
        pop.user(ONE)
        pop.pass_(PASSWORD)
        self.assertEqual(3, pop.stat()[0])
        pop.quit()
        pop = poplib.POP3_SSL(HOST, port("pop3s"), context=TLS)
        pop.user(ONE)
        pop.pass_(PASSWORD)
        self.assertEqual(3, pop.stat()[0])
        pop.quit()

    def test_utf8_and_apop(self):
        pop = poplib.POP3(HOST, port("pop3"))
        self.assertTrue(pop.utf8().startswith(b"+OK"))
        with self.assertRaises(poplib.error_proto):
            pop.apop(ONE, PASSWORD)
        pop.quit()

    def test_wrong_password(self):
        pop = poplib.POP3(HOST, port("pop3"))
        pop.user(ONE)
        with self.assertRaises(poplib.error_proto) as caught:
            pop.pass_("wrong")
        self.assertIn("[AUTH]", str(caught.exception))
        pop.quit()


if __name__ == "__main__":
    socket.setdefaulttimeout(60)
    unittest.main()
