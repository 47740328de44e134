# Fills a new Request Tracker: people, rights, queues, custom fields, tickets; writes the tokens to the file that is named.
use strict;
use warnings;
use utf8;

use Encode qw(encode);
use MIME::Base64 qw(decode_base64);
use MIME::Entity;
use RT;

RT::LoadConfig();
RT::Init();

my $system = RT->SystemUser;

# Answers of Request Tracker begin with a true value where something was done; what was said beside explains why not.
sub done {
    my ($result, @said) = @_;
    die join(' ', 'not done:', map { ref ? @$_ : $_ // '' } @said), "\n" unless $result;
    return $result;
}

sub made {
    my ($class, %values) = @_;
    my $object = $class->new($system);
    done($object->Create(%values));
    return $object;
}

sub allow {
    my ($principal, $where, @rights) = @_;
    done($principal->PrincipalObj->GrantRight(Object => $where, Right => $_)) for @rights;
}

sub group {
    my ($load, @arguments) = @_;
    my $group = RT::Group->new($system);
    $group->$load(@arguments);
    return $group;
}

# People: mara works on tickets, jun may only read and reply, tom asks from outside and sees his own tickets.
my %person;
for (['mara', 'Mara Lindqvist', 1], ['jun', 'Jun 佐藤', 1], ['tom', "Tom O'Brien", 0]) {
    my ($name, $real_name, $privileged) = @$_;
    $person{$name} = made('RT::User',
        Name => $name, RealName => $real_name, EmailAddress => "$name\@example.test", Privileged => $privileged);
}
$person{root} = RT::User->new($system);
done($person{root}->Load('root'));

# Queues: what is in Hidden nobody but root sees.
my %queue = map { $_ => made('RT::Queue', Name => $_) } 'Support', 'Größe & "Maß"', 'Hidden';
for my $queue (@queue{'Support', 'Größe & "Maß"'}) {
    my @reading = qw(SeeQueue ShowTicket ShowTicketComments SeeCustomField CreateTicket ReplyToTicket);
    allow($person{jun}, $queue, @reading);
    allow($person{mara}, $queue, @reading,
        qw(CommentOnTicket ModifyTicket OwnTicket TakeTicket StealTicket ReassignTicket ModifyCustomField SetInitialCustomField Watch DeleteTicket));
    allow(group('LoadSystemInternalGroup', 'Unprivileged'), $queue, qw(SeeQueue CreateTicket));
    allow(group('LoadRoleGroup', Object => $queue, Name => 'Requestor'), $queue, qw(ShowTicket ReplyToTicket));
}
allow($person{$_}, RT->System, qw(ManageAuthTokens ModifySelf)) for qw(mara jun tom);

# Custom fields, one of each way to be filled.
my %field;
for (
    ['Severity',    'SelectSingle',     choices => ['minor', 'major', 'critical']],
    ['Platforms',   'SelectMultiple',   choices => ['Linux', 'macOS', 'Windows']],
    ['Environment', 'FreeformSingle'],
    ['Cause',       'TextSingle'],
    ['Tags',        'FreeformMultiple'],
    ['Promised',    'DateSingle'],
    ['Called',      'DateTimeSingle'],
    ['Contract',    'FreeformSingle',   pattern => '^[A-Z]{2}-\d{4}$'],
) {
    my ($name, $type, %more) = @$_;
    my $field = made('RT::CustomField', Name => $name, Type => $type,
        LookupType => RT::Ticket->CustomFieldLookupType, ($more{pattern} ? (Pattern => $more{pattern}) : ()));
    done($field->AddValue(Name => $_)) for @{ $more{choices} // [] };
    done($field->AddToObject($queue{Support}));
    $field{$name} = $field->Id;
}

sub message {
    my ($text, %more) = @_;
    my $message = MIME::Entity->build(
        Type => $more{type} // 'text/plain', Charset => 'UTF-8', Encoding => 'base64', Data => encode('UTF-8', $text));
    for (@{ $more{files} // [] }) {
        my ($name, $type, $bytes) = @$_;
        $message->attach(Filename => encode('UTF-8', $name), Type => $type, Encoding => 'base64', Data => $bytes);
    }
    return $message;
}

sub ticket_of {
    my ($name, $id) = @_;
    my $ticket = RT::Ticket->new(RT::CurrentUser->new($person{$name}));
    $ticket->Load($id) if $id;
    return $ticket;
}

sub ask {
    my ($name, $queue, $subject, $text, %more) = @_;
    my %about = map { $_ => delete $more{$_} } grep { exists $more{$_} } qw(files type);
    my ($id, undef, $said) = ticket_of($name)->Create(Queue => $queue{$queue}->Id, Subject => $subject,
        Requestor => "$name\@example.test", MIMEObj => message($text, %about), %more);
    return done($id, $said);
}

sub write_on {
    my ($name, $how, $id, $text, %more) = @_;
    done(ticket_of($name, $id)->$how(MIMEObj => message($text, %more)));
}

my $image = decode_base64('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=');

# The first ticket has everything.
my $first = ask('tom', 'Support', "The form's button is dead: «Größe» & <b>more</b>", "Open the form.\n\nPress: nothing happens. ✓\n",
    Priority => 40, files => [['console.txt', 'text/plain', "line one\nline two\n"], ['bild grün.png', 'image/png', $image]]);
{
    my $ticket = ticket_of('mara', $first);
    done($ticket->SetOwner('mara'));
    done($ticket->SetStatus('open'));
    done($ticket->AddCustomFieldValue(Field => $field{ $_->[0] }, Value => $_->[1]))
        for ['Severity', 'major'], ['Platforms', 'Linux'], ['Platforms', 'Windows'], ['Environment', 'production'],
            ['Cause', "one line\nanother line"], ['Tags', 'form'], ['Tags', 'button'], ['Promised', '2026-02-01'],
            ['Called', '2026-02-01 10:30:00'], ['Contract', 'AB-1234'];
    done($ticket->SetDue('2026-02-02 17:00:00'));
    done($ticket->SetTimeEstimated(120));
    done($ticket->SetTimeWorked(30));
    done($ticket->AddWatcher(Type => 'AdminCc', Email => 'jun@example.test'));
    done($ticket->AddWatcher(Type => 'Cc', Email => 'somebody@elsewhere.test'));
}
write_on('mara', 'Correspond', $first, "Thank you, we see it too.\n");
write_on('mara', 'Comment', $first, "The contract promises four hours.\n", files => [['patch.diff', 'text/x-diff', "--- a\n+++ b\n"]]);
write_on('tom', 'Correspond', $first, "Is there news?\n\n> Thank you, we see it too.\n");
write_on('mara', 'Correspond', $first, '<p>It is <b>done</b> &amp; shipped – grün</p>', type => 'text/html');

# Relations: 2 holds 3, waits for 4 and has to do with the first; 5 is now the first.
my $whole = ask('mara', 'Support', 'A dark mode', "Please.\n");
my $part = ask('mara', 'Support', 'A dark mode: the settings', "One part.\n");
my $blocker = ask('tom', 'Größe & "Maß"', 'It ends when it is turned', '<p>It <i>ends</i>.</p>', type => 'text/html');
my $same = ask('tom', 'Support', 'The button again', "The same here.\n");
{
    my $root = sub { ticket_of('root', shift) };
    done($root->($part)->AddLink(Type => 'MemberOf', Target => $whole));
    done($root->($whole)->AddLink(Type => 'DependsOn', Target => $blocker));
    done($root->($whole)->AddLink(Type => 'RefersTo', Target => $first));
    done($root->($whole)->AddLink(Type => 'RefersTo', Target => 'https://elsewhere.test/case/1'));
    done($root->($same)->MergeInto($first));
}
done(ticket_of('mara', $first)->SetStatus('resolved'));
ask('root', 'Hidden', 'Nobody sees this', "Nobody.\n");
for (['stalled', 'Waiting for an answer'], ['rejected', 'Not for us'], ['deleted', 'Buy this']) {
    my $id = ask('mara', 'Support', $_->[1], "Text.\n");
    done(ticket_of('mara', $id)->SetStatus($_->[0]));
}

# More than two pages of tickets.
for my $number (1 .. 230) {
    my $id = ask($number % 3 ? 'mara' : 'tom', $number % 5 ? 'Support' : 'Größe & "Maß"', "Ticket number $number", "Text $number\n");
    done(ticket_of('mara', $id)->SetStatus('resolved')) if $number % 4 == 0;
}

# More than a page of notes.
write_on('mara', $_ % 3 ? 'Comment' : 'Correspond', $part, "Note number $_\n") for 1 .. 120;

open my $tokens, '>', $ARGV[0] or die "$ARGV[0]: $!\n";
for (['TOKEN', 'mara'], ['READER_TOKEN', 'jun'], ['REQUESTOR_TOKEN', 'tom'], ['ADMIN_TOKEN', 'root']) {
    my ($variable, $name) = @$_;
    my ($id, $said, $token) = RT::AuthToken->new($system)->Create(Owner => $person{$name}->Id, Description => 'tests');
    done($id, $said);
    print $tokens "REQUEST_TRACKER_$variable=$token\n";
}
close $tokens or die "$ARGV[0]: $!\n";
