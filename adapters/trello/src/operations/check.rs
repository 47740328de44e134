//! Who am I here. What the token allows stands at an address that has the token in it, and addresses end in logs: it is not asked.

use usher_adapter_sdk::{Result, message::Identity};

use super::lookup;
use crate::{Trello, api, mapping};

/// Returns whose token it is, and warns of boards that the connection names and the account does not see.
pub(crate) async fn check(trello: &Trello) -> Result<Identity> {
    let response = trello.account("id,username,fullName,email").await?;
    let user = mapping::user(&response.decode::<api::Member<'_>>()?);
    let mut warnings = Vec::new();
    for name in lookup::of_connection(trello) {
        match trello.board_now(&name).await {
            Ok(board) if board.closed == Some(true) => warnings.push(format!("board {name} is archived")),
            Ok(_) => {}
            Err(error) if error.has_no_effect() => warnings.push(format!("board {name} cannot be read: {error}")),
            Err(error) => return Err(error),
        }
    }
    Ok(Identity::default()
        .with_user(user)
        .with_product("Trello".to_owned())
        .with_server_time(response.date())
        .with_warnings(warnings))
}
