//! A proxy: it opens tunnels by `CONNECT`, passes on plain requests, and writes down what it was told.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::TcpStream,
    sync::oneshot,
    task::JoinSet,
};

/// A running proxy. It ends when it is dropped.
pub struct ProxyServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    /// The header that clients must send, if there is one.
    wanted: Option<String>,
    /// Where every request leads, whatever it asks for.
    leads_to: Option<SocketAddr>,
    heads: Mutex<Vec<String>>,
}

impl ProxyServer {
    /// Starts a proxy that leads everybody where they want.
    pub fn start() -> Self {
        Self::run(None, None)
    }

    /// Starts a proxy that wants this in `Proxy-Authorization`.
    pub fn wanting(authorization: &str) -> Self {
        Self::run(Some(authorization.to_owned()), None)
    }

    /// Starts a proxy that leads everybody to one place: names are resolved by it, in its own way.
    pub fn leading_to(address: SocketAddr) -> Self {
        Self::run(None, Some(address))
    }

    /// Returns its address as a URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the head of each request that came, as it was sent.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().expect("nobody panics over the list").clone()
    }

    fn run(wanted: Option<String>, leads_to: Option<SocketAddr>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared { wanted, leads_to, heads: Mutex::default() });
        let (stop, stopped) = oneshot::channel();
        let known = Arc::clone(&shared);
        let thread = thread::Builder::new().name("test proxy".to_owned());
        let thread = thread.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime can be built").block_on(accept(listener, known, stopped));
        });
        Self { address, shared, stop: Some(stop), thread: Some(thread.expect("a thread can be started")) }
    }
}

impl Drop for ProxyServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().expect("a proxy ends once").join();
        if ended.is_err() && !thread::panicking() {
            panic!("the test proxy panicked: see its message above");
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopped: oneshot::Receiver<()>) {
    listener.set_nonblocking(true).expect("a socket can be made non-blocking");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener can be given to the runtime");
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // The sender is dropped with the proxy: that is the signal.
            _ = &mut stopped => return,
            accepted = listener.accept() => {
                // A client that has gone before it was accepted is nobody's error.
                let Ok((socket, _)) = accepted else { continue };
                connections.spawn(serve(Arc::clone(&shared), socket));
            }
        }
    }
}

async fn serve(shared: Arc<Shared>, client: TcpStream) {
    // A client or a server that goes away in the middle ends the connection, and is nobody's error here.
    let _ = pass_on(&shared, client).await;
}

async fn pass_on(shared: &Shared, mut client: TcpStream) -> io::Result<()> {
    let head = head(&mut client).await?;
    shared.heads.lock().expect("nobody panics over the list").push(head.clone());
    let told = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("proxy-authorization").then(|| value.trim())
    });
    if shared.wanted.is_some() && told != shared.wanted.as_deref() {
        let refusal =
            "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n";
        return client.write_all(refusal.as_bytes()).await;
    }
    let mut words = head.split_ascii_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if method == "CONNECT" {
        let mut server = shared.connect(target).await?;
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        copy_bidirectional(&mut client, &mut server).await?;
        return Ok(());
    }
    let rest = target.strip_prefix("http://").unwrap_or(target);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut server = shared.connect(host).await?;
    let others = head.lines().skip(1).filter(|line| !line.to_ascii_lowercase().starts_with("proxy-"));
    let others: String = others.filter(|line| !line.is_empty()).map(|line| format!("{line}\r\n")).collect();
    server.write_all(format!("{method} /{path} HTTP/1.1\r\n{others}connection: close\r\n\r\n").as_bytes()).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

impl Shared {
    async fn connect(&self, host: &str) -> io::Result<TcpStream> {
        match self.leads_to {
            Some(address) => TcpStream::connect(address).await,
            None => TcpStream::connect(host).await,
        }
    }
}

/// Reads the head of a request, byte by byte: what follows is not ours.
async fn head(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    String::from_utf8(head).map_err(io::Error::other)
}
