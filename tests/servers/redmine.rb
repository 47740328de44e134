# What a Redmine for the tests has: run once by `tests/servers/redmine.sh`, with the file for the keys as its argument.
#
# Three people: `admin`; `alice`, who works on issues and reads private notes; `bob`, from outside, who reports and comments.

# Mails are written beside the rest, and SQLite has one who writes.
ActiveJob::Base.queue_adapter = :inline
ActionMailer::Base.perform_deliveries = false

Setting.rest_api_enabled = '1'
Setting.login_required = '0'
Setting.text_formatting = 'textile'
Setting.cross_project_issue_relations = '1'
Setting.notified_events = []
Setting.host_name = '127.0.0.1'

def person(login, first, last)
  user = User.new(firstname: first, lastname: last, mail: "#{login}@example.com", language: 'en', mail_notification: 'none')
  user.login = login
  user.password = user.password_confirmation = SecureRandom.hex(16)
  user.save!
  user
end

admin = User.find_by!(login: 'admin')
admin.update!(must_change_passwd: false, mail: 'admin@example.com', mail_notification: 'none')
alice = person('alice', 'Alice', 'Ångström')
bob = person('bob', 'Bob', "O'Neil")

manager, developer, reporter = %w[Manager Developer Reporter].map { |name| Role.find_by!(name: name) }
developer.add_permission!(:edit_issues, :add_issue_notes, :view_private_notes, :set_notes_private, :view_issue_watchers,
                          :add_issue_watchers, :manage_issue_relations, :manage_subtasks)
reporter.add_permission!(:edit_issues)
reporter.remove_permission!(:view_private_notes, :set_notes_private)

bug, feature, support = %w[Bug Feature Support].map { |name| Tracker.find_by!(name: name) }
statuses = IssueStatus.all.index_by(&:name)
priorities = IssuePriority.all.index_by(&:name)

project = lambda do |identifier, name, is_public|
  made = Project.new(name: name, is_public: is_public, inherit_members: false)
  made.identifier = identifier
  made.trackers = [bug, feature, support]
  made.enabled_module_names = %w[issue_tracking time_tracking]
  made.save!
  { admin => manager, alice => developer, bob => reporter }.each do |principal, role|
    Member.create!(project: made, principal: principal, roles: [role])
  end
  made
end
alpha = project.call('alpha', 'Alpha', false)
mobile = project.call('alpha-mobile', 'Alpha mobile', false)
mobile.set_parent!(alpha)
open_project = project.call('open', 'Open – ünïcode', true)

first = Version.create!(project: alpha, name: '1.0', sharing: 'descendants', effective_date: Date.new(2026, 2, 1))
Version.create!(project: alpha, name: '1.1', sharing: 'descendants')
interface = IssueCategory.create!(project: alpha, name: 'Interface')
IssueCategory.create!(project: alpha, name: 'API')

fields = {}
[
  ['Severity', 'list', { possible_values: %w[S1 S2 S3] }],
  ['Platforms', 'list', { possible_values: %w[Linux macOS Windows], multiple: true }],
  ['Environment', 'string', {}],
  ['Root cause', 'text', {}],
  ['Reviewer', 'user', {}],
  ['Story points', 'int', {}],
  ['Risk', 'float', {}],
  ['Regression', 'bool', {}],
  ['Promised on', 'date', {}],
  ['Found in', 'version', {}],
  ['Case', 'link', {}],
].each do |name, format, more|
  fields[name] = IssueCustomField.create!(
    { name: name, field_format: format, is_for_all: true, is_filter: true, trackers: [bug, feature, support] }.merge(more)
  )
end

issue = lambda do |where, author, tracker, subject, more = {}|
  User.current = author
  values = more.delete(:fields) || {}
  made = Issue.new(project: Project.find(where.id), author: author, tracker: tracker, subject: subject,
                   status: statuses['New'], priority: priorities['Normal'])
  more.each { |name, value| made.send("#{name}=", value) }
  made.custom_field_values = values.transform_keys { |name| fields[name].id.to_s } unless values.empty?
  made.save!
  made
end
note = lambda do |on, who, text, more = {}|
  User.current = who
  changed = Issue.find(on.id)
  journal = changed.init_journal(who, text)
  journal.private_notes = more.delete(:private) || false
  more.each { |name, value| changed.send("#{name}=", value) }
  changed.save!
end

whole = issue.call(
  alpha, bob, bug, 'Login fails after a password was reset',
  description: "Steps:\n\n# reset the password\n# log in\n\n*Expected*: the dashboard, é ✓\n\n<pre>Error: <b>500</b></pre>",
  assigned_to: alice, category: interface, priority: priorities['High'], fixed_version: first,
  start_date: Date.new(2026, 1, 8), due_date: Date.new(2026, 2, 1), estimated_hours: 6.5,
  fields: { 'Severity' => 'S1', 'Platforms' => %w[Linux Windows], 'Environment' => 'prod-eu', 'Reviewer' => alice.id.to_s,
            'Story points' => '5', 'Risk' => '0.25', 'Regression' => '1', 'Promised on' => '2026-02-01',
            'Found in' => first.id.to_s, 'Case' => 'https://example.com/case/1' }
)
Attachment.create!(container: whole, file: "line 1\nline 2 – ünïcode\n", filename: 'trace.txt', content_type: 'text/plain',
                   author: bob, description: 'seeded')
note.call(whole, alice, 'I can see it on the staging server.', status: statuses['In Progress'], done_ratio: 20)
note.call(whole, alice, 'The contract asks for four hours. Do not tell them yet.', private: true)
note.call(whole, bob, "Any news?\n\n> a line that was quoted\n\nThanks")

parent = issue.call(alpha, alice, feature, 'Dark mode', description: 'Please.')
issue.call(alpha, alice, feature, 'Dark mode: settings', parent_issue_id: parent.id)
other = issue.call(mobile, bob, bug, 'It crashes when it is turned')
duplicate = issue.call(alpha, bob, support, 'The login does not work')
note.call(duplicate, alice, 'The same as the first.', status: statuses['Closed'])
issue.call(alpha, alice, bug, 'Only for those who work here', is_private: true)
issue.call(open_project, bob, support, 'Eine Frage: Größe 10 €', description: "Erste Zeile\r\nZweite Zeile\r\n")
User.current = admin
IssueRelation.create!(issue_from: Issue.find(whole.id), issue_to: Issue.find(other.id), relation_type: 'blocks')
IssueRelation.create!(issue_from: Issue.find(duplicate.id), issue_to: Issue.find(whole.id), relation_type: 'duplicates')
Issue.find(whole.id).add_watcher(bob)

250.times do |number|
  made = issue.call(number % 5 == 4 ? mobile : alpha, [alice, bob][number % 2], [bug, feature, support][number % 3],
                    "Issue #{number + 1} of many", description: "The text of issue #{number + 1}")
  note.call(made, alice, 'Done.', status: statuses['Closed']) if (number % 4).zero?
end

keys = { 'REDMINE_ADMIN_KEY' => admin, 'REDMINE_AGENT_KEY' => alice, 'REDMINE_OUTSIDE_KEY' => bob }
File.write(ARGV[0], keys.map { |name, user| "#{name}=#{User.find(user.id).api_key}\n" }.join)
