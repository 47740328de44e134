//! What a confined process tries, one function for each scene.

use std::{
    collections::{BTreeMap, HashMap},
    env,
    ffi::{CString, c_long},
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, IoSlice, IoSliceMut, Read, Write},
    net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket},
    os::{
        fd::{AsFd, AsRawFd, IntoRawFd},
        unix::{ffi::OsStrExt, fs::symlink, net::UnixStream, process::parent_id},
    },
    panic,
    path::Path,
    process::{self, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant, SystemTime},
};

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};
use usher::worker::confine::{
    self as confinement, Level, Limits, PathGrant, Plan, close_inherited, die_with_parent, private_working_directory,
};

use crate::{
    stage::{End, SECRET, Scene, Stage, TICKET, confine},
    system::{call, call_that_forks, cosine_of_nought, is_refused, landlock},
};

const fn well(name: &'static str, play: fn(&Stage)) -> Scene {
    Scene { name, play, end: End::Well }
}

const fn killed(name: &'static str, play: fn(&Stage), signal: i32) -> Scene {
    Scene { name, play, end: End::BySignal(signal) }
}

pub(crate) const SCENES: &[Scene] = &[
    killed("abort_ends_by_its_signal", abort_ends_by_its_signal, libc::SIGABRT),
    killed("computing_for_too_long_is_killed", computing_for_too_long_is_killed, libc::SIGKILL),
    killed("file_that_is_too_long_ends_by_its_signal", file_that_is_too_long, libc::SIGXFSZ),
    well("child_outlives_no_parent", child_outlives_no_parent),
    well("descriptors_have_a_limit", descriptors_have_a_limit),
    well("granted_file_alone_is_granted", granted_file_alone_is_granted),
    well("granted_folder_is_read_and_not_written", granted_folder_is_read_and_not_written),
    well("granted_folder_is_written", granted_folder_is_written),
    well("grant_follows_the_folder_and_not_its_path", grant_follows_the_folder_and_not_its_path),
    well("grant_in_whose_place_a_link_has_come_is_refused", grant_in_whose_place_a_link_has_come_is_refused),
    well("inherited_descriptors_are_closed", inherited_descriptors_are_closed),
    well("kernel_with_landlock_gives_the_full_level", kernel_with_landlock_gives_the_full_level),
    well("kernel_without_filters_gives_no_level_and_a_reason", kernel_without_filters),
    well("kernel_without_landlock_gives_a_lower_level_and_a_reason", kernel_without_landlock),
    well("library_is_loaded_from_its_descriptor", library_is_loaded_from_its_descriptor),
    well("memory_has_a_limit", memory_has_a_limit),
    well("network_reaches_a_listener_by_name", network_reaches_a_listener_by_name),
    well("nothing_is_read_but_what_a_loader_needs", nothing_is_read_but_what_a_loader_needs),
    well("nothing_is_written_anywhere", nothing_is_written_anywhere),
    well("numbers_of_x32_are_refused", numbers_of_x32_are_refused),
    well("ordinary_rust_works", ordinary_rust_works),
    well("other_processes_are_out_of_reach", other_processes_are_out_of_reach),
    well("powerful_calls_are_refused", powerful_calls_are_refused),
    well("process_cannot_be_made", process_cannot_be_made),
    well("signals_go_nowhere_by_way_of_a_descriptor", signals_go_nowhere_by_way_of_a_descriptor),
    well("sockets_are_refused_in_every_domain", sockets_are_refused_in_every_domain),
    well("thread_is_as_confined_as_its_parent", thread_is_as_confined_as_its_parent),
    well("working_directory_is_private_and_gone", working_directory_is_private_and_gone),
    well("wrong_parent_is_an_error", wrong_parent_is_an_error),
    // These two are part of `child_outlives_no_parent`; by themselves they do little.
    well("part_child_that_would_stay", part_child_that_would_stay),
    well("part_parent_that_ends", part_parent_that_ends),
];

// Files.

fn nothing_is_read_but_what_a_loader_needs(stage: &Stage) {
    let program = env::current_exe().unwrap();
    let environment = format!("/proc/{}/environ", parent_id());
    confine(&stage.plan());
    for path in ["/etc/passwd", "/etc/hosts", "/proc/self/maps", "/proc/self/environ", &environment] {
        assert_eq!(denied(fs::read(path)), ErrorKind::PermissionDenied, "{path}");
    }
    for path in [&stage.secret(), &program, &stage.reading().join("ticket.md")] {
        assert_eq!(denied(fs::read(path)), ErrorKind::PermissionDenied, "{path:?}");
    }
    for path in ["/", "/proc", "/tmp", "/root", "/home"] {
        assert!(fs::read_dir(path).is_err(), "{path}");
    }
    assert!(fs::read_dir("/usr/lib").unwrap().count() > 0);
    assert_eq!(File::open("/dev/urandom").unwrap().read(&mut [0; 8]).unwrap(), 8);
}

fn nothing_is_written_anywhere(stage: &Stage) {
    confine(&stage.plan());
    let library = stage.library();
    for folder in [Path::new("/"), Path::new("/tmp"), Path::new("/dev/shm"), library.parent().unwrap()] {
        denied(fs::write(folder.join("usher-was-here"), "x"));
        denied(fs::create_dir(folder.join("usher-was-here")));
        denied(symlink("/", folder.join("usher-was-here")));
    }
    denied(OpenOptions::new().write(true).open(&library));
    denied(fs::remove_file(stage.secret()));
    denied(fs::rename(stage.secret(), stage.reading().join("secret")));
    denied(fs::set_permissions(&library, fs::metadata(&library).unwrap().permissions()));
    assert!(is_refused(&truncating_reader(&stage.secret())));
}

fn granted_folder_is_read_and_not_written(stage: &Stage) {
    let folder = stage.reading();
    let ticket = folder.join("ticket.md");
    // With a second grant for writing, so that it is not for want of the calls that nothing is written here.
    confine(&stage.plan_with_folders());
    assert_eq!(fs::read_to_string(&ticket).unwrap(), TICKET);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    assert_eq!(folder.join("inner").canonicalize().unwrap(), folder.join("inner"));
    denied(fs::write(&ticket, "x"));
    denied(fs::write(folder.join("new"), "x"));
    denied(fs::create_dir(folder.join("new")));
    denied(fs::remove_file(&ticket));
    denied(fs::remove_dir(folder.join("inner")));
    denied(fs::rename(&ticket, stage.writing().join("moved.md")));
    denied(fs::hard_link(&ticket, stage.writing().join("linked.md")));
    denied(fs::rename(stage.writing().join("ticket.md"), &ticket));
    truncating_reader(&ticket).unwrap_err();
    denied(File::open(&ticket).unwrap().set_len(0));
}

fn grant_follows_the_folder_and_not_its_path(stage: &Stage) {
    let (folder, moved) = (stage.writing(), stage.writing().with_file_name("moved"));
    let parent = folder.parent().unwrap().to_owned();
    // A thread from before stays as free as it is: it is everybody else on the machine.
    let (steps, others) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        for step in others {
            step();
            done.send(()).unwrap();
        }
    });
    let meanwhile = |step: Box<dyn FnOnce() + Send>| {
        steps.send(step).unwrap();
        is_done.recv().unwrap();
    };
    confine(&stage.plan_with_folders());
    assert_eq!(fs::read_to_string(folder.join("ticket.md")).unwrap(), TICKET);

    let (from, to) = (folder.clone(), moved.clone());
    meanwhile(Box::new(move || {
        fs::rename(&from, to).unwrap();
        fs::create_dir(&from).unwrap();
        fs::write(from.join("ticket.md"), SECRET).unwrap();
    }));
    assert_eq!(denied(fs::read(folder.join("ticket.md"))), ErrorKind::PermissionDenied, "another folder in its place");
    assert_eq!(denied(fs::read_dir(&folder)), ErrorKind::PermissionDenied);
    denied(fs::write(folder.join("new"), "x"));
    denied(fs::remove_file(folder.join("ticket.md")));
    assert_eq!(fs::read_to_string(moved.join("ticket.md")).unwrap(), TICKET, "and it goes where the folder went");
    fs::write(moved.join("new"), "x").unwrap();

    let place = folder.clone();
    meanwhile(Box::new(move || {
        fs::remove_dir_all(&place).unwrap();
        symlink(parent, place).unwrap();
    }));
    assert_eq!(denied(fs::read(folder.join("secret"))), ErrorKind::PermissionDenied, "a link in its place");
    denied(fs::read_dir(&folder));

    let place = folder.clone();
    meanwhile(Box::new(move || {
        fs::remove_file(&place).unwrap();
        fs::rename(moved, place).unwrap();
    }));
    fs::remove_file(folder.join("new")).unwrap();
}

fn grant_in_whose_place_a_link_has_come_is_refused(stage: &Stage) {
    for place in ["link", "link/inner", "reading/link"] {
        let (link, target) = match place {
            "reading/link" => (stage.reading().join("link"), stage.writing()),
            _ => (stage.reading().with_file_name("link"), stage.writing()),
        };
        symlink(target, &link).unwrap();
        let path = stage.reading().with_file_name(place);
        let plan = Plan { grants: vec![PathGrant { path, write: false }], ..stage.plan() };
        let error = confinement::confine(&plan).unwrap_err().to_string();
        assert!(error.contains("has become a link"), "{place}: {error}");
        fs::remove_file(link).unwrap();
    }
}

fn granted_folder_is_written(stage: &Stage) {
    let folder = stage.writing();
    confine(&stage.plan_with_folders());

    let lock = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(".lock")).unwrap();
    lock.lock().unwrap();
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(&folder).unwrap();
    file.write_all(b"another ticket").unwrap();
    file.as_file().sync_all().unwrap();
    file.persist_noclobber(folder.join("other.md")).unwrap();
    File::open(&folder).unwrap().sync_all().unwrap();
    fs::hard_link(folder.join("other.md"), folder.join("inner/again.md")).unwrap();
    fs::rename(folder.join("inner/again.md"), folder.join("third.md")).unwrap();
    fs::write(folder.join("third.md"), "less").unwrap();
    assert_eq!(fs::read_to_string(folder.join("other.md")).unwrap(), "less");
    OpenOptions::new().write(true).open(folder.join("other.md")).unwrap().set_len(1).unwrap();
    assert_eq!(fs::metadata(folder.join("third.md")).unwrap().len(), 1);
    fs::create_dir_all(folder.join("a/b")).unwrap();
    fs::write(folder.join("a/b/c"), "c").unwrap();
    fs::remove_dir_all(folder.join("a")).unwrap();
    fs::remove_file(folder.join("third.md")).unwrap();
    io::copy(&mut File::open(folder.join("ticket.md")).unwrap(), &mut File::create(folder.join("copy.md")).unwrap())
        .unwrap();
    File::options().write(true).open("/dev/null").unwrap().write_all(b"x").unwrap();

    denied(symlink("/etc/passwd", folder.join("link")));
    denied(fs::hard_link(stage.secret(), folder.join("secret")));
    denied(fs::hard_link(stage.library(), folder.join("library")));
    denied(fs::write(stage.secret(), "x"));
    denied(fs::set_permissions(folder.join("ticket.md"), fs::metadata(&folder).unwrap().permissions()));
    let path = CString::new(folder.join("pipe").as_os_str().as_bytes()).unwrap();
    let pipe = c_long::from(libc::S_IFIFO | 0o600);
    assert!(is_refused(&call(libc::SYS_mknodat, &[libc::AT_FDCWD.into(), path.as_ptr() as c_long, pipe])));
}

fn granted_file_alone_is_granted(stage: &Stage) {
    let ticket = stage.writing().join("ticket.md");
    confine(&Plan { grants: vec![PathGrant { path: ticket.clone(), write: true }], ..stage.plan() });
    fs::write(&ticket, "changed").unwrap();
    assert_eq!(fs::read_to_string(&ticket).unwrap(), "changed");
    denied(fs::write(stage.writing().join("new"), "x"));
    denied(fs::read_dir(stage.writing()));
    denied(fs::remove_file(&ticket));
}

fn library_is_loaded_from_its_descriptor(stage: &Stage) {
    let opened = File::open(stage.library()).unwrap();
    let elsewhere = stage.writing().join("library.so");
    fs::copy(stage.library(), &elsewhere).unwrap();
    confine(&stage.plan());
    assert_eq!(cosine_of_nought(&format!("/proc/self/fd/{}", opened.as_raw_fd())).unwrap(), 1.0);
    assert_eq!(cosine_of_nought(stage.library().to_str().unwrap()).unwrap(), 1.0);
    cosine_of_nought(elsewhere.to_str().unwrap()).unwrap_err();
}

/// Opens a file for reading in the way that empties it, which some kernels allow to those who may only read.
fn truncating_reader(path: &Path) -> Result<c_long, io::Error> {
    let path = CString::new(path.as_os_str().as_bytes()).unwrap();
    let flags = c_long::from(libc::O_RDONLY | libc::O_TRUNC);
    call(libc::SYS_openat, &[libc::AT_FDCWD.into(), path.as_ptr() as c_long, flags])
}

#[track_caller]
fn denied<T>(answer: io::Result<T>) -> ErrorKind {
    answer.err().expect("it is refused").kind()
}

// Sockets.

fn sockets_are_refused_in_every_domain(stage: &Stage) {
    confine(&stage.plan());
    for domain in 0..64 {
        for kind in [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_RAW, libc::SOCK_SEQPACKET] {
            assert!(is_refused(&call(libc::SYS_socket, &[domain, kind.into(), 0])), "{domain}, {kind}");
            assert!(is_refused(&call(libc::SYS_socketpair, &[domain, kind.into(), 0, 0])), "{domain}, {kind}");
        }
    }
    denied(TcpStream::connect("127.0.0.1:1"));
    denied(UdpSocket::bind("127.0.0.1:0"));
}

fn network_reaches_a_listener_by_name(stage: &Stage) {
    // The listener is there before, as a worker may not wait for others.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    confine(&Plan { network: true, ..stage.plan() });

    let addresses: Vec<_> = ("localhost", port).to_socket_addrs().unwrap().collect();
    let address = addresses.iter().find(|address| address.is_ipv4()).expect("an address of localhost");
    let mut connected = TcpStream::connect_timeout(address, Duration::from_secs(5)).unwrap();
    connected.set_nodelay(true).unwrap();
    connected.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
    connected.write_all(b"hello").unwrap();
    assert_eq!(denied(connected.read(&mut [0; 1])), ErrorKind::WouldBlock);

    denied(TcpListener::bind("127.0.0.1:0"));
    denied(UnixStream::connect("/run/anything"));
    denied(fs::read("/etc/passwd"));
    for domain in [libc::AF_UNIX, libc::AF_NETLINK, libc::AF_PACKET, libc::AF_VSOCK, libc::AF_ALG] {
        assert!(is_refused(&call(libc::SYS_socket, &[domain.into(), libc::SOCK_DGRAM.into()])), "{domain}");
    }
    assert!(is_refused(&call(libc::SYS_socket, &[libc::AF_INET.into(), libc::SOCK_RAW.into(), 1])));
}

// Processes.

fn process_cannot_be_made(stage: &Stage) {
    confine(&stage.plan());
    #[cfg(target_arch = "x86_64")]
    for number in [libc::SYS_fork, libc::SYS_vfork] {
        assert!(is_refused(&call_that_forks(number, &[])), "{number}");
    }
    let space = c_long::from(libc::CLONE_THREAD | libc::CLONE_VM | libc::CLONE_SIGHAND | libc::CLONE_NEWNET);
    for flags in [libc::SIGCHLD.into(), c_long::from(libc::CLONE_VM | libc::SIGCHLD), space] {
        assert!(is_refused(&call_that_forks(libc::SYS_clone, &[flags])), "{flags:x}");
    }
    assert!(is_refused(&call_that_forks(libc::SYS_clone3, &[0, 88])));
    assert!(is_refused(&call(libc::SYS_execve, &[])));
    assert!(is_refused(&call(libc::SYS_execveat, &[])));
    denied(process::Command::new("/bin/sh").spawn());
}

fn other_processes_are_out_of_reach(stage: &Stage) {
    let own = c_long::from(process::id());
    confine(&stage.plan());
    let parent = c_long::from(parent_id());
    let tries: &[(c_long, &[c_long])] = &[
        (libc::SYS_kill, &[parent, 0]),
        (libc::SYS_kill, &[0, 0]),
        (libc::SYS_kill, &[-1, 0]),
        (libc::SYS_kill, &[-own, 0]),
        (libc::SYS_pidfd_getfd, &[0, 0, 0]),
        (libc::SYS_pidfd_open, &[parent, 0]),
        (libc::SYS_pidfd_send_signal, &[0, 0, 0, 0]),
        (libc::SYS_prlimit64, &[parent, libc::RLIMIT_NOFILE.into(), 0, 0]),
        (libc::SYS_prlimit64, &[0, libc::RLIMIT_NOFILE.into(), 1, 0]),
        (libc::SYS_process_vm_readv, &[parent, 0, 0, 0, 0, 0]),
        (libc::SYS_process_vm_writev, &[parent, 0, 0, 0, 0, 0]),
        (libc::SYS_ptrace, &[libc::PTRACE_ATTACH.into(), parent]),
        (libc::SYS_rt_sigqueueinfo, &[parent, 0, 0]),
        (libc::SYS_tgkill, &[parent, parent, 0]),
        (libc::SYS_tkill, &[parent, 0]),
    ];
    for (number, arguments) in tries {
        assert!(is_refused(&call(*number, arguments)), "{number} {arguments:?}");
    }
    call(libc::SYS_kill, &[own, 0]).unwrap();
}

fn signals_go_nowhere_by_way_of_a_descriptor(stage: &Stage) {
    let (mine, _yours) = UnixStream::pair().unwrap();
    confine(&stage.plan_with_folders());
    let descriptor = c_long::from(mine.as_raw_fd());
    let owner = c_long::from(parent_id());
    const SET_SIGNAL: c_long = 10;
    for (command, value) in [(libc::F_SETOWN.into(), owner), (SET_SIGNAL, libc::SIGKILL.into())] {
        assert!(is_refused(&call(libc::SYS_fcntl, &[descriptor, command, value])), "{command}");
    }
    assert!(is_refused(&call(libc::SYS_ioctl, &[descriptor, 0x8901, owner])));
}

fn powerful_calls_are_refused(stage: &Stage) {
    // The largest plan: what it does not hold is in none.
    confine(&Plan { network: true, ..stage.plan_with_folders() });
    for &number in REFUSED {
        assert!(is_refused(&call(number, &[])), "{number}");
    }
    for option in [libc::PR_SET_DUMPABLE, libc::PR_SET_PDEATHSIG, libc::PR_SET_PTRACER, libc::PR_SET_SECCOMP] {
        assert!(is_refused(&call(libc::SYS_prctl, &[option.into(), 0])), "{option}");
    }
}

/// Calls that are in no table, whatever is granted.
const REFUSED: &[c_long] = &[
    libc::SYS_accept4,
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_bind,
    libc::SYS_bpf,
    libc::SYS_capset,
    libc::SYS_chdir,
    libc::SYS_chroot,
    libc::SYS_clone3,
    libc::SYS_delete_module,
    libc::SYS_execve,
    libc::SYS_fanotify_init,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_fsetxattr,
    libc::SYS_inotify_init1,
    libc::SYS_io_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kcmp,
    libc::SYS_keyctl,
    libc::SYS_landlock_create_ruleset,
    libc::SYS_listen,
    libc::SYS_memfd_create,
    libc::SYS_mknodat,
    libc::SYS_mount,
    libc::SYS_move_pages,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_openat2,
    libc::SYS_perf_event_open,
    libc::SYS_personality,
    libc::SYS_pivot_root,
    libc::SYS_request_key,
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_setscheduler,
    libc::SYS_seccomp,
    libc::SYS_setgid,
    libc::SYS_setns,
    libc::SYS_setpgid,
    libc::SYS_setpriority,
    libc::SYS_setrlimit,
    libc::SYS_setsid,
    libc::SYS_setuid,
    libc::SYS_setxattr,
    libc::SYS_shmget,
    libc::SYS_splice,
    libc::SYS_symlinkat,
    libc::SYS_syslog,
    libc::SYS_truncate,
    libc::SYS_umask,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
    libc::SYS_utimensat,
    libc::SYS_vmsplice,
];

fn numbers_of_x32_are_refused(stage: &Stage) {
    confine(&stage.plan());
    const X32: c_long = 0x4000_0000;
    for number in (0..512).chain([libc::SYS_getpid, libc::SYS_socket]) {
        assert!(is_refused(&call(X32 | number, &[])), "{number}");
    }
}

fn thread_is_as_confined_as_its_parent(stage: &Stage) {
    let secret = stage.secret();
    confine(&stage.plan());
    let tried = thread::spawn(move || (fs::read(secret).is_err(), TcpStream::connect("127.0.0.1:1").is_err()));
    assert_eq!(tried.join().unwrap(), (true, true));
}

// What a plugin does all day.

fn ordinary_rust_works(stage: &Stage) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut mine, mut yours) = UnixStream::pair().unwrap();
    mine.set_nonblocking(false).unwrap();
    confine(&stage.plan());

    // As a worker talks with its host.
    assert_eq!(yours.write(b"ping").unwrap(), 4);
    assert_eq!(yours.write_vectored(&[IoSlice::new(b" and "), IoSlice::new(b"pong")]).unwrap(), 9);
    let mut heard = [0; 13];
    let (first, second) = heard.split_at_mut(4);
    assert_eq!(mine.read_vectored(&mut [IoSliceMut::new(first), IoSliceMut::new(&mut second[..2])]).unwrap(), 6);
    mine.read_exact(&mut second[2..]).unwrap();
    assert_eq!(&heard, b"ping and pong");
    let copy = mine.try_clone().unwrap();
    drop(copy);

    let slept = Instant::now();
    runtime.block_on(async { tokio::time::sleep(Duration::from_millis(5)).await });
    thread::sleep(Duration::from_millis(1));
    assert!(slept.elapsed() >= Duration::from_millis(6));
    assert!(SystemTime::now() > SystemTime::UNIX_EPOCH);

    let named = thread::Builder::new().name("named".to_owned()).spawn(|| thread::current().name().map(str::to_owned));
    assert_eq!(named.unwrap().join().unwrap().as_deref(), Some("named"));
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        for number in 0..8 {
            let sender = sender.clone();
            scope.spawn(move || sender.send(vec![number; 1 << 16].len()));
        }
    });
    drop(sender);
    assert_eq!(receiver.iter().sum::<usize>(), 8 << 16);
    assert!(thread::available_parallelism().unwrap().get() > 0);
    assert_eq!(runtime.block_on(async { tokio::task::spawn_blocking(|| 7).await.unwrap() }), 7);

    panic::set_hook(Box::new(|_| {}));
    panic::catch_unwind(|| panic!("caught")).unwrap_err();
    let _ = panic::take_hook();
    let large = vec![1_u8; 64 << 20];
    assert_eq!(large.iter().map(|&byte| usize::from(byte)).sum::<usize>(), 64 << 20);
    let map: HashMap<_, _> = (0..1000).map(|number| (number, number.to_string())).collect();
    assert_eq!(map[&999], "999");
    drop(runtime);
}

// Limits.

fn memory_has_a_limit(stage: &Stage) {
    confine(&Plan { limits: Limits { address_space: 512 << 20, ..Limits::default() }, ..stage.plan() });
    Vec::<u8>::new().try_reserve_exact(1 << 30).unwrap_err();
    Vec::<u8>::new().try_reserve_exact(64 << 20).unwrap();
}

fn descriptors_have_a_limit(stage: &Stage) {
    confine(&Plan { limits: Limits { files: 16, ..Limits::default() }, ..stage.plan() });
    let opened: Vec<File> = (0..64).map_while(|_| File::open(stage.library()).ok()).collect();
    assert!((1..16).contains(&opened.len()), "{}", opened.len());
}

fn computing_for_too_long_is_killed(stage: &Stage) {
    confine(&Plan { limits: Limits { cpu_seconds: 1, ..Limits::default() }, ..stage.plan() });
    let mut number = 0_u64;
    loop {
        number = std::hint::black_box(number.wrapping_add(1));
    }
}

fn file_that_is_too_long(stage: &Stage) {
    confine(&Plan { limits: Limits { file_size: 1024, ..Limits::default() }, ..stage.plan_with_folders() });
    let written = fs::write(stage.writing().join("long"), vec![0; 4096]);
    written.unwrap();
    fs::write(stage.writing().join("longer"), vec![0; 4096]).unwrap();
}

fn abort_ends_by_its_signal(stage: &Stage) {
    confine(&stage.plan());
    process::abort();
}

// Levels.

fn kernel_with_landlock_gives_the_full_level(stage: &Stage) {
    let version = landlock();
    assert!(version.is_some(), "this kernel has no Landlock: the confinement cannot be tested here");
    assert_eq!(confinement::expected(), Level::Full);
    let started = Instant::now();
    let confined = confine(&Plan { network: true, ..stage.plan_with_folders() });
    println!("confine() took {:?}, with Landlock {version:?}", started.elapsed());
    assert_eq!(confined.reasons, Vec::<String>::new());
}

fn kernel_without_landlock(stage: &Stage) {
    kernel_does_without(libc::SYS_landlock_create_ruleset);
    assert_eq!(confinement::expected(), Level::NoLandlock);
    let confined = confinement::confine(&stage.plan()).unwrap();
    assert_eq!(confined.level, Level::NoLandlock);
    assert_eq!(confined.reasons, ["the kernel has no Landlock (NotImplemented): files are not confined"],);
    assert_eq!(fs::read_to_string(stage.secret()).unwrap(), SECRET);
    denied(fs::write(stage.secret(), "x"));
    denied(TcpStream::connect("127.0.0.1:1"));
}

fn kernel_without_filters(stage: &Stage) {
    kernel_does_without(libc::SYS_seccomp);
    let confined = confinement::confine(&stage.plan()).unwrap();
    assert_eq!(confined.level, Level::None);
    assert_eq!(confined.reasons.len(), 1);
    assert!(confined.reasons[0].ends_with(": system calls are not confined"), "{:?}", confined.reasons);
    denied(fs::read(stage.secret()));
}

/// Makes the kernel look as if it did not have one call.
fn kernel_does_without(number: c_long) {
    let missing = BTreeMap::from([(number, Vec::new())]);
    let answer = SeccompAction::Errno(libc::ENOSYS as u32);
    let processor = env::consts::ARCH.try_into().unwrap();
    let filter = SeccompFilter::new(missing, SeccompAction::Allow, answer, processor).unwrap();
    let program: BpfProgram = filter.try_into().unwrap();
    apply_filter(&program).unwrap();
}

// What comes before.

fn inherited_descriptors_are_closed(stage: &Stage) {
    let open = || File::open(stage.secret()).unwrap().into_raw_fd();
    let (first, kept, last) = (open(), File::open(stage.secret()).unwrap(), open());
    close_inherited(&[kept.as_fd()]).unwrap();
    for gone in [first, last] {
        assert_eq!(
            call(libc::SYS_fcntl, &[gone.into(), libc::F_GETFD.into()]).unwrap_err().raw_os_error(),
            Some(libc::EBADF)
        );
    }
    assert_eq!(io::read_to_string(&kept).unwrap(), SECRET);
    for standard in [0, 1, 2] {
        call(libc::SYS_fcntl, &[standard, libc::F_GETFD.into()]).unwrap();
    }
    let left = fs::read_dir("/proc/self/fd").unwrap().count();
    assert_eq!(left, 5, "three, the one that was kept, and that of this list");
}

fn working_directory_is_private_and_gone(stage: &Stage) {
    private_working_directory().unwrap();
    assert_eq!(denied(fs::write("anything", "x")), ErrorKind::NotFound);
    assert_eq!(fs::read_dir(".").unwrap().count(), 0);
    assert_eq!(denied(env::current_dir()), ErrorKind::NotFound);
    confine(&stage.plan());
    denied(fs::write("anything", "x"));
}

fn wrong_parent_is_an_error(_stage: &Stage) {
    die_with_parent(parent_id()).unwrap();
    let error = die_with_parent(process::id()).unwrap_err();
    assert!(error.to_string().contains("has ended"), "{error}");
}

/// The test waits until nobody holds the output any more, so a grandchild that stays makes it fail.
fn child_outlives_no_parent(stage: &Stage) {
    let mut parent = stage.command("part_parent_that_ends");
    let mut parent = parent.env("USHER_CONFINE_PLAY", "1").stdin(Stdio::null()).spawn().unwrap();
    assert!(parent.wait().unwrap().success());
}

#[expect(clippy::zombie_processes, reason = "that the child is left behind is the test")]
fn part_parent_that_ends(stage: &Stage) {
    if env::var_os("USHER_CONFINE_PLAY").is_none() {
        return;
    }
    let (mut said, says) = io::pipe().unwrap();
    let mut child = stage.command("part_child_that_would_stay");
    child.env("USHER_CONFINE_PLAY", process::id().to_string()).stdin(says);
    let _child = child.spawn().unwrap();
    drop(child);
    said.read_exact(&mut [0; 1]).unwrap();
}

fn part_child_that_would_stay(stage: &Stage) {
    let Ok(parent) = env::var("USHER_CONFINE_PLAY") else { return };
    die_with_parent(parent.parse().unwrap()).unwrap();
    confine(&stage.plan());
    rustix::io::write(rustix::stdio::stdin(), b"x").unwrap();
    loop {
        thread::sleep(Duration::from_secs(60));
    }
}
