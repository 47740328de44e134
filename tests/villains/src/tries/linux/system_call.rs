//! Calls of the kernel by number, and children that end at once.

use std::{arch::asm, ffi::c_long, io};

use super::errors::number;

/// No valid descriptor, process or number.
pub(super) const NONE: usize = usize::MAX;

/// An address that is no program's: the kernel answers `EFAULT` as soon as it looks there.
pub(super) const NOWHERE: usize = 1;

/// Calls the kernel.
///
/// The arguments are numbers, [`NOWHERE`], or addresses of values that outlive the call.
pub(super) fn system_call<const COUNT: usize>(call: c_long, arguments: [usize; COUNT]) -> Result<usize, i32> {
    let mut six = [0; 6];
    six[..COUNT].copy_from_slice(&arguments);
    let [first, second, third, fourth, fifth, sixth] = six;
    // SAFETY: the kernel checks every address it is given, and the rows of this module give it none that it may write
    // to but those of values that are alive.
    let answer = unsafe { libc::syscall(call, first, second, third, fourth, fifth, sixth) };
    if answer == -1 { Err(number(&io::Error::last_os_error())) } else { Ok(answer.unsigned_abs() as usize) }
}

/// Calls the kernel for a new process or thread, which ends at once where it really comes to be.
///
/// One piece of assembly, for the child may share this one's memory: it must neither return nor touch the stack.
pub(super) fn child_that_ends(call: c_long, arguments: [usize; 5]) -> Result<i32, i32> {
    let [first, second, third, fourth, fifth] = arguments;
    let answer: isize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the caller's side comes out of the call once and goes on; the child's side leaves with `exit`, which
    // ends its own thread only, and writes to no memory.
    unsafe {
        asm!(
            "syscall",
            "test rax, rax",
            "jnz 2f",
            "mov eax, {exit}",
            "xor edi, edi",
            "syscall",
            "ud2",
            "2:",
            exit = const libc::SYS_exit,
            inlateout("rax") call as isize => answer,
            in("rdi") first,
            in("rsi") second,
            in("rdx") third,
            in("r10") fourth,
            in("r8") fifth,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        asm!(
            "svc 0",
            "cbnz x0, 2f",
            "mov x8, {exit}",
            "svc 0",
            "brk 1",
            "2:",
            exit = const libc::SYS_exit,
            inlateout("x0") first as isize => answer,
            in("x1") second,
            in("x2") third,
            in("x3") fourth,
            in("x4") fifth,
            in("x8") call,
            options(nostack),
        );
    }
    match i32::try_from(answer) {
        Ok(child) if child >= 0 => Ok(child),
        Ok(error) => Err(-error),
        Err(_) => Err(0),
    }
}

/// Asks the kernel for the process's number as a program of 32 bits does, whose calls have numbers of their own.
///
/// A kernel that knows no such programs ends the process with a signal.
#[cfg(target_arch = "x86_64")]
pub(super) fn getpid_of_32_bits() -> Result<(), i32> {
    let answer: i32;
    // SAFETY: the call takes nothing and writes nothing; older kernels clear the registers that are named.
    unsafe {
        asm!("int 0x80", inlateout("eax") 20 => answer, lateout("r8") _, lateout("r9") _, lateout("r10") _,
            lateout("r11") _, options(nostack));
    }
    if answer < 0 { Err(-answer) } else { Ok(()) }
}
