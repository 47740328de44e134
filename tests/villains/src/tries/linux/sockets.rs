//! Sockets of every kind.

use std::{
    net::{TcpListener, TcpStream, UdpSocket},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixListener, UnixStream},
    },
};

use super::{
    errors::{number, tried, tried_or},
    system_call::{NONE, NOWHERE, system_call},
};
use crate::tries::Tried;

/// What says that there are no such sockets here.
const ABSENT: &[i32] = &[libc::EAFNOSUPPORT, libc::EPROTONOSUPPORT, libc::ESOCKTNOSUPPORT];

/// Domain, type and protocol.
const KINDS: &[(&str, i32, i32, i32)] = &[
    ("inet_stream", libc::AF_INET, libc::SOCK_STREAM, 0),
    ("inet_dgram", libc::AF_INET, libc::SOCK_DGRAM, 0),
    ("inet_icmp", libc::AF_INET, libc::SOCK_DGRAM, libc::IPPROTO_ICMP),
    ("inet_raw", libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_ICMP),
    ("inet6_stream", libc::AF_INET6, libc::SOCK_STREAM, 0),
    ("inet6_dgram", libc::AF_INET6, libc::SOCK_DGRAM, 0),
    ("unix_stream", libc::AF_UNIX, libc::SOCK_STREAM, 0),
    ("unix_dgram", libc::AF_UNIX, libc::SOCK_DGRAM, 0),
    ("unix_seqpacket", libc::AF_UNIX, libc::SOCK_SEQPACKET, 0),
    ("netlink_route", libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_ROUTE),
    ("packet", libc::AF_PACKET, libc::SOCK_DGRAM, 0),
    ("vsock", libc::AF_VSOCK, libc::SOCK_STREAM, 0),
    ("alg", libc::AF_ALG, libc::SOCK_SEQPACKET, 0),
];

/// Opens a socket of every kind, two that are connected, and connections to this machine.
pub fn opens_sockets() -> Vec<Tried> {
    let kinds = KINDS.iter().map(|(name, domain, kind, protocol)| {
        let arguments = [*domain, *kind | libc::SOCK_CLOEXEC, *protocol].map(|number| number as usize);
        tried_or(name, ABSENT, system_call(libc::SYS_socket, arguments).map(close))
    });
    let mut all: Vec<Tried> = kinds.collect();

    // Nobody listens at port 1; whoever is told so has been let out.
    all.push(connected("connect_tcp", TcpStream::connect("127.0.0.1:1").map(drop)));
    all.push(connected("bind_tcp", TcpListener::bind("127.0.0.1:0").map(drop)));
    all.push(connected("bind_udp", UdpSocket::bind("127.0.0.1:0").map(drop)));
    all.push(connected("connect_unix", UnixStream::connect("/run/usher-villain").map(drop)));
    let named = SocketAddr::from_abstract_name("usher-villain");
    all.push(connected("connect_abstract", named.and_then(|name| UnixStream::connect_addr(&name)).map(drop)));
    let named = SocketAddr::from_abstract_name("usher-villain");
    all.push(connected("bind_abstract", named.and_then(|name| UnixListener::bind_addr(&name)).map(drop)));
    all.push(pair());

    // No descriptor: what is to be seen is whether the kernel looks for it.
    all.push(tried("bind", system_call(libc::SYS_bind, [NONE, NOWHERE, 16])));
    all.push(tried("connect", system_call(libc::SYS_connect, [NONE, NOWHERE, 16])));
    all.push(tried("listen", system_call(libc::SYS_listen, [NONE, 1])));
    all.push(tried("accept4", system_call(libc::SYS_accept4, [NONE, 0, 0, 0])));
    all.push(tried("sendmsg", system_call(libc::SYS_sendmsg, [NONE, NOWHERE, 0])));
    all.push(tried("recvmsg", system_call(libc::SYS_recvmsg, [NONE, NOWHERE, 0])));
    all
}

fn connected(name: &str, answer: std::io::Result<()>) -> Tried {
    tried_or(name, ABSENT, answer.map_err(|error| number(&error)))
}

fn pair() -> Tried {
    let mut two = [-1_i32; 2];
    let arguments = [libc::AF_UNIX as usize, libc::SOCK_STREAM as usize, 0, two.as_mut_ptr() as usize];
    let answer = system_call(libc::SYS_socketpair, arguments);
    if answer.is_ok() {
        for descriptor in two {
            close(descriptor as usize);
        }
    }
    tried("socketpair", answer)
}

/// Closes a descriptor that a try was given; there is nothing to be done where that fails.
pub(super) fn close(descriptor: usize) -> bool {
    system_call(libc::SYS_close, [descriptor]).is_ok()
}
