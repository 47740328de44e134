//! From the names in a path to what is meant, past everything that can be in between: no access, a new name, a transfer.

use super::{
    access::{Access, access},
    reply::Refusal,
    service::Call,
    state::{Issue, Place, Repository, State},
};

/// A repository that the caller may see.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Its place in the state's list.
    pub(super) repository: usize,
    pub(super) access: Access,
}

impl Found {
    /// Finds the repository of a path.
    pub(super) fn repository(state: &State, call: &Call) -> Result<Self, Refusal> {
        let wanted = format!("{}/{}", call.values[0], call.values[1]);
        let named = |name: &str| name.eq_ignore_ascii_case(&wanted);
        let current = state.repositories.iter().position(|repository| named(&repository.full_name()));
        let former =
            || state.repositories.iter().position(|repository| repository.former_names.iter().any(|name| named(name)));
        let place = current.or_else(former).ok_or_else(Refusal::not_found)?;
        let repository = &state.repositories[place];
        let access = access(call.token, repository);
        if access == Access::None {
            return Err(Refusal::not_found());
        }
        if current.is_none() {
            let rest = call.request.path.split_once(&wanted).map_or("", |(_, rest)| rest);
            return Err(Refusal::moved(format!("{}/repositories/{}{rest}", call.site.api, repository.id)));
        }
        Ok(Self { repository: place, access })
    }

    /// Finds the repository and the issue of a path.
    pub(super) fn issue(state: &State, call: &Call) -> Result<(Self, u64), Refusal> {
        let found = Self::repository(state, call)?;
        // The document says that it is an integer; one that is not positive is nobody's number.
        let number = call.values[2].parse().map_err(|_| Refusal::not_found())?;
        match state.repositories[found.repository].numbers.get(&number) {
            None => Err(Refusal::not_found()),
            Some(Place::Deleted) => Err(Refusal::new(410, "This issue was deleted")),
            Some(Place::Moved { repository, number }) => {
                Err(Refusal::moved(format!("{}/repositories/{repository}/issues/{number}", call.site.api)))
            }
            Some(Place::Here(_)) => Ok((found, number)),
        }
    }

    /// Returns the repository.
    pub(super) fn of(self, state: &State) -> &Repository {
        &state.repositories[self.repository]
    }

    /// Returns an issue that was found before.
    pub(super) fn its_issue(self, state: &State, number: u64) -> &Issue {
        let issue = self.of(state).here(number);
        issue.unwrap_or_else(|| unreachable!("issue {number} was found a moment ago"))
    }

    /// Refuses whoever may only read.
    pub(super) fn needs_push(self) -> Result<(), Refusal> {
        if self.access >= Access::Push { Ok(()) } else { Err(Refusal::needs_push()) }
    }
}

/// Returns who writes; nobody in particular may not.
pub(super) fn writer<'a>(call: &Call<'a>) -> Result<&'a str, Refusal> {
    let token = call.token.ok_or_else(|| Refusal::new(401, "Requires authentication"))?;
    Ok(&token.login)
}
