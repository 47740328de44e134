//! Which request meets which fault.

use std::{collections::VecDeque, fmt, sync::Mutex};

use super::{Fault, Request};

/// A request that has just been read, and its place among the others.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// How many requests came before this one.
    pub number: usize,
    /// How many came before this one with the same method and path.
    pub nth: usize,
    /// The request.
    pub request: &'a Request,
}

type RequestRule = Box<dyn FnMut(&Arrival) -> Option<Fault> + Send>;
type ConnectionRule = Box<dyn FnMut(u64) -> Option<Fault> + Send>;

/// Rules that are asked in their order; the first that knows a fault decides.
#[derive(Default)]
pub struct Faults {
    /// Faults for the next requests, before any rule.
    next: Mutex<VecDeque<Fault>>,
    requests: Mutex<Vec<RequestRule>>,
    connections: Mutex<Vec<ConnectionRule>>,
}

impl fmt::Debug for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Faults")
    }
}

impl Faults {
    /// Returns a server that does everything right.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a rule about requests.
    #[must_use]
    pub fn when(self, rule: impl FnMut(&Arrival) -> Option<Fault> + Send + 'static) -> Self {
        self.requests.lock().expect("no rule panicked").push(Box::new(rule));
        self
    }

    /// Adds a rule about connections, by how many came before. They know `ResetUnread` and `Script`.
    #[must_use]
    pub fn when_connected(self, rule: impl FnMut(u64) -> Option<Fault> + Send + 'static) -> Self {
        self.connections.lock().expect("no rule panicked").push(Box::new(rule));
        self
    }

    /// Adds a fault for every request.
    #[must_use]
    pub fn always(self, fault: Fault) -> Self {
        self.when(move |_| Some(fault.clone()))
    }

    /// Adds a fault for the first requests.
    #[must_use]
    pub fn first(self, count: usize, fault: Fault) -> Self {
        self.when(move |arrival| (arrival.number < count).then(|| fault.clone()))
    }

    /// Adds a fault for the first requests with a method whose path ends like this.
    #[must_use]
    pub fn first_of(self, count: usize, method: &str, path_end: &str, fault: Fault) -> Self {
        let (method, path_end) = (method.to_owned(), path_end.to_owned());
        let mut left = count;
        self.when(move |arrival| {
            let fits = arrival.request.method == method.as_str() && arrival.request.path.ends_with(&path_end);
            if !fits || left == 0 {
                return None;
            }
            left -= 1;
            Some(fault.clone())
        })
    }

    /// Adds faults at random: the same ones for the same seed and the same order of requests.
    #[must_use]
    pub fn random(self, seed: u64, share: f64, faults: Vec<Fault>) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        self.when(move |_| (random.f64() < share).then(|| random.choice(&faults).cloned()).flatten())
    }

    /// Gives the next request a fault, before any rule is asked. Several wait in their order.
    pub fn next(&self, fault: Fault) {
        self.next.lock().expect("no rule panicked").push_back(fault);
    }

    pub(super) fn at_request(&self, arrival: &Arrival) -> Option<Fault> {
        let next = self.next.lock().expect("no rule panicked").pop_front();
        if next.is_some() {
            return next;
        }
        let mut rules = self.requests.lock().expect("no rule panicked");
        rules.iter_mut().find_map(|rule| rule(arrival))
    }

    pub(super) fn at_connection(&self, number: u64) -> Option<Fault> {
        let mut rules = self.connections.lock().expect("no rule panicked");
        rules.iter_mut().find_map(|rule| rule(number))
    }
}
