//! The filter that lets through only the system calls of the tables.
//!
//! Here lives how a table becomes a filter. Which calls these are is in `syscalls.rs`.

use super::Plan;

/// Returns whether the kernel has filters, and there is a table for this processor.
pub(super) fn is_available() -> bool {
    cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) && rustix::thread::secure_computing_mode().is_ok()
}

/// Installs the filter for this thread and for all that it starts; the error says why that was not possible.
pub(super) fn install(plan: &Plan) -> Result<(), String> {
    filter::install(plan).map_err(|error| format!("{error}: system calls are not confined"))
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod filter {
    use super::Plan;

    pub(super) fn install(_plan: &Plan) -> Result<(), String> {
        Err(format!("there is no table of system calls for {}", std::env::consts::ARCH))
    }
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod filter {
    use std::{collections::BTreeMap, process};

    use seccompiler::{
        BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
        SeccompFilter, SeccompRule, TargetArch, apply_filter,
    };

    use super::{
        super::syscalls::{ALWAYS, Argument, NETWORK, WRITING},
        Plan,
    };

    #[cfg(target_arch = "x86_64")]
    const PROCESSOR: TargetArch = TargetArch::x86_64;
    #[cfg(target_arch = "aarch64")]
    const PROCESSOR: TargetArch = TargetArch::aarch64;

    pub(super) fn install(plan: &Plan) -> Result<(), String> {
        let program = program(plan).map_err(|error| format!("the filter of system calls is not valid ({error})"))?;
        apply_filter(&program).map_err(|error| match error {
            Error::Prctl(error) | Error::Seccomp(error) => {
                format!("the kernel takes no filter of system calls ({error})")
            }
            other => format!("the kernel takes no filter of system calls ({other})"),
        })
    }

    /// Compiles the tables that a plan needs.
    ///
    /// A call through another gate (32 bit on 64) ends the process; the numbers of x32 are in no table.
    pub(super) fn program(plan: &Plan) -> Result<BpfProgram, BackendError> {
        let writing = plan.grants.iter().any(|grant| grant.write);
        let tables = [(true, ALWAYS), (writing, WRITING), (plan.network, NETWORK)];
        let rows = tables.into_iter().filter(|(wanted, _)| *wanted).flat_map(|(_, table)| table);
        // A call without rules is allowed whatever its arguments are.
        let mut calls = BTreeMap::<i64, Option<Vec<SeccompRule>>>::new();
        for (call, arguments) in rows {
            let alternatives = calls.entry(*call).or_insert_with(|| Some(Vec::new()));
            match (arguments.is_empty(), alternatives.as_mut()) {
                (true, _) => *alternatives = None,
                (false, Some(alternatives)) => alternatives.push(rule(arguments)?),
                (false, None) => {}
            }
        }
        let calls = calls.into_iter().map(|(call, alternatives)| (call, alternatives.unwrap_or_default())).collect();
        let refused = SeccompAction::Errno(libc::ENOSYS as u32);
        SeccompFilter::new(calls, refused, SeccompAction::Allow, PROCESSOR)?.try_into()
    }

    fn rule(arguments: &[Argument]) -> Result<SeccompRule, BackendError> {
        SeccompRule::new(arguments.iter().map(condition).collect::<Result<_, _>>()?)
    }

    fn condition(argument: &Argument) -> Result<SeccompCondition, BackendError> {
        use SeccompCmpArgLen::{Dword, Qword};
        match *argument {
            // The kernel takes these as 32 bits and does not look at the upper half, so neither does the filter.
            Argument::Is(index, value) => SeccompCondition::new(index, Dword, SeccompCmpOp::Eq, value.into()),
            Argument::Bits(index, mask, value) => {
                SeccompCondition::new(index, Dword, SeccompCmpOp::MaskedEq(mask.into()), value.into())
            }
            Argument::OwnProcess(index) => SeccompCondition::new(index, Dword, SeccompCmpOp::Eq, process::id().into()),
            Argument::Null(index) => SeccompCondition::new(index, Qword, SeccompCmpOp::Eq, 0),
        }
    }
}
