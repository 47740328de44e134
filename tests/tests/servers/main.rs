//! The servers that other tests rely on do what they say.

mod answers;
mod azure_devops;
mod client;
mod faults;
mod github;
mod jira;
mod ledger;
mod limits;
mod linear;
mod monday;
mod rules;
mod search;
mod servicenow;
mod tls;
mod trello;
mod violations;
mod writes;
