//! What holds for any limit and any order of events.

use proptest::{collection::vec, option, prelude::*};

use super::*;

/// A request of a run: when it comes, how long it is under way, how long it would wait at most; in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Coming {
    at: u64,
    under_way: u64,
    patience: u64,
    is_bulk: bool,
    /// Whether its caller goes away after half of that.
    gives_up: bool,
}

/// What became of it.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    coming: Coming,
    came: Instant,
    ended: Instant,
    was_let_through: bool,
}

fn coming(longest_patience: u64) -> impl Strategy<Value = Coming> {
    (0..20_000u64, 0..3_000u64, 1..longest_patience, any::<bool>(), prop::bool::weighted(0.2))
        .prop_map(|(at, under_way, patience, is_bulk, gives_up)| Coming { at, under_way, patience, is_bulk, gives_up })
}

/// Lets all of them come, each in a task of its own, and returns what became of those that did not give up.
fn run(text: &str, all: &[Coming]) -> Vec<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let world = Arc::new(World::with(text));
        let tasks: Vec<_> = all.iter().map(|coming| tokio::spawn(come(world.clone(), *coming))).collect();
        let mut outcomes = Vec::new();
        for task in tasks {
            outcomes.extend(task.await.unwrap());
        }
        outcomes
    })
}

async fn come(world: Arc<World>, coming: Coming) -> Option<Outcome> {
    let millis = Duration::from_millis;
    tokio::time::sleep(millis(coming.at)).await;
    let came = Instant::now();
    let wanted = if coming.is_bulk { bulk(read()) } else { read() };
    let asking = world.limits.acquire(&wanted, came + millis(coming.patience), &Deaf);
    let stays = if coming.gives_up { millis(coming.patience / 2) } else { Duration::from_secs(1_000_000) };
    let outcome = tokio::time::timeout(stays, asking).await.ok()?;
    let ended = Instant::now();
    let was_let_through = outcome.is_ok();
    if let Ok(permit) = outcome {
        tokio::time::sleep(millis(coming.under_way)).await;
        drop(permit);
    }
    Some(Outcome { coming, came, ended, was_let_through })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_window_ever_holds_more_than_the_budget(
        count in 2..20u64,
        per in 1..15u64,
        burst in option::of(1..20u64),
        all in vec(coming(600_000), 1..80),
    ) {
        let burst = burst.filter(|burst| *burst < count);
        let line = burst.map(|burst| format!("burst = {burst}\n")).unwrap_or_default();
        let text = format!("[[limits]]\nname = \"x\"\nrequests = {count}\nper = \"{per}s\"\n{line}");
        let mut sent: Vec<Instant> =
            run(&text, &all).iter().filter(|outcome| outcome.was_let_through).map(|outcome| outcome.ended).collect();
        sent.sort();
        for (first, begin) in sent.iter().enumerate() {
            let in_window = sent[first..].iter().filter(|moment| **moment < *begin + seconds(per)).count() as u64;
            prop_assert!(in_window <= count, "{in_window} in {per} s, of {count}");
        }
    }

    #[test]
    fn nobody_waits_beyond_the_deadline_nor_goes_after_it(
        count in 2..20u64,
        per in 1..60u64,
        most in 1..4u64,
        all in vec(coming(10_000), 1..60),
    ) {
        let text = format!("[[limits]]\nname = \"x\"\nrequests = {count}\nper = \"{per}s\"\nconcurrency = {most}\n");
        for outcome in run(&text, &all) {
            let deadline = outcome.came + Duration::from_millis(outcome.coming.patience);
            // A timer of tokio's ends up to a millisecond late.
            prop_assert!(outcome.ended <= deadline + Duration::from_millis(1), "{outcome:?}");
            prop_assert!(!outcome.was_let_through || outcome.ended < deadline, "{outcome:?}");
        }
    }

    #[test]
    fn never_more_are_under_way_than_may_be_and_no_place_is_lost(
        most in 1..6u32,
        all in vec(coming(30_000), 1..60),
    ) {
        let text = format!("[[limits]]\nname = \"x\"\nconcurrency = {most}\n");
        let outcomes = run(&text, &all);
        let through = outcomes.iter().filter(|outcome| outcome.was_let_through);
        let spans: Vec<_> = through
            .map(|outcome| (outcome.ended, outcome.ended + Duration::from_millis(outcome.coming.under_way)))
            .collect();
        for (begin, _) in &spans {
            let at_once = spans.iter().filter(|(from, to)| from <= begin && begin < to).count();
            prop_assert!(at_once <= most as usize, "{at_once} of {most}");
        }
        // Enough time after the last came, anybody goes at once.
        let mut later = all.clone();
        later.push(Coming { at: 3_000_000, under_way: 0, patience: 10, is_bulk: true, gives_up: false });
        let last = *run(&text, &later).last().unwrap();
        prop_assert!(last.was_let_through && last.came == last.ended, "{last:?}");
    }

    #[test]
    fn those_who_look_at_a_screen_never_wait_for_bulk_work(
        count in 20..60u64,
        most in 5..20u64,
        flood in vec(coming(600_000), 100..200),
        people in vec(0..20_000u64, 1..3),
    ) {
        let text = format!("[[limits]]\nname = \"x\"\nrequests = {count}\nper = \"10s\"\nconcurrency = {most}\n");
        let mut all: Vec<Coming> = flood.iter().map(|coming| Coming { is_bulk: true, ..*coming }).collect();
        // No more people than the fifth of a burst that is kept for them, one at a time.
        let reserved = usize::try_from((count / 2 / 5).min(most / 5)).unwrap();
        for at in people.iter().take(reserved) {
            all.push(Coming { at: *at, under_way: 0, patience: 1_000, is_bulk: false, gives_up: false });
        }
        for outcome in run(&text, &all).iter().filter(|outcome| !outcome.coming.is_bulk) {
            prop_assert!(outcome.was_let_through && outcome.came == outcome.ended, "{outcome:?}");
        }
    }

    #[test]
    fn nobody_goes_before_the_moment_until_which_nothing_is_left(
        reset in 2..60u64,
        answers in vec((0..40u64, 0..50_000u64), 1..20),
        all in vec(coming(600_000), 1..30),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let outcomes = runtime.block_on(async {
            let headers = "[limits.headers]\nremaining = \"x-left\"\nreset = \"x-reset\"\nreset_format = \"epoch-seconds\"\n";
            let world = Arc::new(World::with(&format!("[[limits]]\nname = \"x\"\n{headers}")));
            let mut under_way = Vec::new();
            for _ in &answers {
                under_way.push(world.acquire(read()).await);
            }
            let end = (START + reset).to_string();
            let say = |permit: Permit, left: u64| {
                permit.answered(200, &header_map(&[("x-left", &left.to_string()), ("x-reset", &end)]), b"");
            };
            say(world.acquire(read()).await, 0);
            let tasks: Vec<_> = all.iter().map(|coming| tokio::spawn(come(world.clone(), *coming))).collect();
            // What was sent before says something else, in any order.
            for (permit, (left, _)) in under_way.into_iter().zip(&answers) {
                say(permit, *left);
                tokio::task::yield_now().await;
            }
            let mut outcomes = Vec::new();
            for task in tasks {
                outcomes.extend(task.await.unwrap());
            }
            outcomes.into_iter().map(|outcome| (outcome, world.start)).collect::<Vec<_>>()
        });
        for (outcome, start) in outcomes {
            prop_assert!(!outcome.was_let_through || outcome.ended >= start + seconds(reset), "{outcome:?}");
        }
    }
}
