# ask.pl LAUNCHER WORD...: has the server that runs do what was typed. No virtual machine starts for that: an operator
# who asks how it is while all processors are taken hears it at once. If nothing was done (no server runs, it leaves
# this to us, or its data directory takes more to find than a look), LAUNCHER does it, with EVERPOST_ASK=no.
# The control socket is described in Frames.java, and its other client is ControlClient.java.
use strict;
use warnings;

BEGIN {    # both come with Perl, but in packages of their own in places
    my $whole = eval { require Errno; require Socket; Socket->import(qw(AF_UNIX SOCK_STREAM pack_sockaddr_un)); 1 };
    if (!$whole) {
        $ENV{EVERPOST_ASK} = 'no';
        exec 'bash', @ARGV;
    }
}

my $PATIENCE     = $ENV{EVERPOST_ASK_PATIENCE} || 30;    # seconds until the server begins
my $PIECE        = 64 << 10;
my $LONGEST      = 256 << 10;
my $LONGEST_PATH = 100;    # what any system takes for the address of a socket
my $REFUSED      = 1;

my $launcher = shift;
my %typed    = map { $_ => 1 } @ARGV;
my $usual    = getpriority 0, 0;
my $begun;

sub leave_to_launcher {
    alarm 0;
    $SIG{PIPE} = 'DEFAULT';
    setpriority 0, 0, $usual if $> == 0;
    $ENV{EVERPOST_ASK} = 'no';
    exec 'bash', $launcher, @ARGV or die "everpost: $launcher: $!\n";
}

sub write_all {
    my ($handle, $octets) = @_;
    for (my $at = 0; $at < length $octets;) {
        my $n = syswrite $handle, $octets, length($octets) - $at, $at;
        next if !defined $n && $!{EINTR};
        ended() if !defined $n && $handle == \*SOCKET;
        exit $REFUSED if !defined $n;    # whoever reads what is written has gone
        $at += $n;
    }
}

sub ended {
    leave_to_launcher() if !$begun;
    refuse('the server ended before the command did');
}

sub refuse {
    my ($why) = @_;
    print STDERR "everpost: $why\n";
    print STDOUT "{\"error\":\"$why\"}\n" if $typed{'--json'};
    exit $REFUSED;
}

# The configuration that is named last, or the first there is.
sub config {
    my $named;
    for my $i (0 .. $#ARGV) {
        $named = $1 if $ARGV[$i] =~ /^--config=(.*)/s;
        $named = $ARGV[ $i + 1 ] if $ARGV[$i] eq '--config' && $i < $#ARGV;
    }
    return $named if defined $named;
    return (grep { -e } 'everpost.toml', '/etc/everpost/everpost.toml')[0];
}

# The data directory, where a plain line says it before all tables.
sub data {
    my ($config) = @_;
    open my $lines, '<', $config or return;
    while (<$lines>) {
        return if /^\s*\[/;
        next unless /^\s*data\s*=\s*(.*?)\s*$/;
        my ($value) = $1 =~ /^"([^"\\]+)"$/ or return;
        my ($folder) = $config =~ m{^(.*/)};
        my $data = $value =~ m{^/} ? $value : ($folder // '') . $value;
        return if $data =~ /\.\./;    # the server takes it for what it looks like, the system follows links
        return $data;
    }
    return;
}

# Kind and contents; nothing if the other end has gone or does not keep to the rules.
sub receive {
    my $head = read_all(5) // return;
    my ($kind, $length) = unpack 'a N', $head;
    return if $length > $LONGEST;
    my $contents = read_all($length) // return;
    return ($kind, $contents);
}

sub read_all {
    my ($length) = @_;
    my $octets = '';
    while (length $octets < $length) {
        my $n = sysread SOCKET, $octets, $length - length $octets, length $octets;
        return unless $n;
    }
    return $octets;
}

sub send_frame {
    my ($kind, $contents) = @_;
    write_all(\*SOCKET, pack 'a N/a*', $kind, $contents);
}

# A piece of a file; nothing at its end.
sub piece {
    my ($file) = @_;
    my $octets;
    return defined sysread($file, $octets, $PIECE) ? $octets : undef;
}

# Whoever is at the other end reads nothing but what was typed.
my $file;

sub piece_of_file {
    my ($name) = @_;
    if (length $name) {
        return (undef, "$name was not named")      if !$typed{$name};
        return (undef, "$name is a directory")     if -d $name;
        open $file, '<', $name or return (undef, $name . unreadable());
    }
    my $piece = piece($file);
    return defined $piece ? ($piece) : (undef, "$!");
}

sub unreadable {
    return ': there is no such file'       if $!{ENOENT};
    return ' may not be read by this user' if $!{EACCES};
    return ": $!";
}

sub serve {
    while (my ($kind, $contents) = receive()) {
        if ($kind eq 'O') {
            write_all(\*STDOUT, $contents);
        } elsif ($kind eq 'E') {
            write_all(\*STDERR, "$contents\n");
        } elsif ($kind eq 'I') {
            send_frame('D', piece(\*STDIN) // exit $REFUSED);
        } elsif ($kind eq 'F') {
            my ($piece, $why) = piece_of_file($contents);
            send_frame(defined $why ? ('N', $why) : ('D', $piece));
        } elsif ($kind eq 'X') {
            exit unpack 'N', $contents;
        } else {
            refuse('the server is of another version');
        }
    }
    ended();
}

my $config = config() // leave_to_launcher();
my $data   = data($config) // leave_to_launcher();
my $words  = join "\0", @ARGV;
leave_to_launcher() if length $words > $LONGEST || @ARGV > 1_000;
leave_to_launcher() if length "$data/control.sock" > $LONGEST_PATH;
my $address = pack_sockaddr_un("$data/control.sock");

socket SOCKET, AF_UNIX, SOCK_STREAM, 0 or leave_to_launcher();
$SIG{PIPE} = 'IGNORE';
$SIG{ALRM} = sub { refuse("the server has not answered for $PATIENCE s") };
alarm $PATIENCE;
setpriority 0, 0, -10 if $> == 0;    # who asks how it is does not wait for the work of strangers
connect SOCKET, $address or leave_to_launcher();
write_all(\*SOCKET, pack 'a N/a*', 'U', $words);
my ($answer) = receive() or ended();
alarm 0;
leave_to_launcher() if $answer eq 'Y';
refuse('the server is of another version') if $answer ne 'B';
$begun = 1;
serve();
