//! What the engine does with any platform: rates, places, order, deadlines, cancellation.

use usher_adapter_sdk::ErrorKind;

use super::*;

const TEN_A_MINUTE: &str = "[[limits]]\nname = \"search\"\nclasses = [\"search\"]\nrequests = 10\nper = \"60s\"\n";
const TWO_AT_ONCE: &str = "[[limits]]\nname = \"core\"\nconcurrency = 2\n";

#[tokio::test(start_paused = true)]
async fn half_of_a_budget_goes_at_once_and_the_rest_is_spread() {
    let world = World::with(TEN_A_MINUTE);
    for _ in 0..5 {
        drop(world.acquire(of_class("search")).await);
    }
    assert_eq!(world.elapsed(), Duration::ZERO);
    drop(world.acquire(of_class("search")).await);
    assert_eq!(world.elapsed(), seconds(12));
    // Another class spends nothing from it.
    drop(world.acquire(read()).await);
    assert_eq!(world.elapsed(), seconds(12));
    assert_eq!(world.told(), ["waiting 12 s for Acme's search limit"]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_fails_at_once_and_says_until_when() {
    let world = World::with(TEN_A_MINUTE);
    for _ in 0..5 {
        drop(world.acquire(of_class("search")).await);
    }
    let error = world.acquire_within(11, of_class("search")).await.err().unwrap();
    assert_eq!(world.elapsed(), Duration::ZERO, "it failed at once");
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.message(), "Acme's search limit is used up until 12:29:34 UTC (in 12 s)");
    assert_eq!(error.retry_after(), Some(seconds(12)));
    // Who failed spent nothing.
    drop(world.acquire_within(13, of_class("search")).await.unwrap());
    assert_eq!(world.elapsed(), seconds(12));
}

#[tokio::test(start_paused = true)]
async fn those_ahead_count_for_the_deadline() {
    let world = Arc::new(World::with(TEN_A_MINUTE));
    for _ in 0..5 {
        drop(world.acquire(of_class("search")).await);
    }
    let first = tokio::spawn({
        let world = world.clone();
        async move { drop(world.acquire(of_class("search")).await) }
    });
    tokio::task::yield_now().await;
    let error = world.acquire_within(20, of_class("search")).await.err().unwrap();
    assert_eq!(error.retry_after(), Some(seconds(24)));
    first.await.unwrap();
    assert_eq!(world.elapsed(), seconds(12));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_has_passed_sends_nothing() {
    let world = World::with(TEN_A_MINUTE);
    let error = world.acquire_within(0, read()).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test(start_paused = true)]
async fn a_place_is_free_when_the_permit_is_answered_or_dropped() {
    let world = Arc::new(World::with(TWO_AT_ONCE));
    let (first, second) = (world.acquire(read()).await, world.acquire(read()).await);
    let error = world.acquire_within(5, read()).await.err().unwrap();
    assert_eq!(
        error.message(),
        "Acme's core limit lets no more requests through until others are answered, and that took too long"
    );
    assert_eq!((world.elapsed(), world.told()), (seconds(5), vec!["waiting for Acme's core limit".to_owned()]));
    drop(first);
    let third = world.acquire(read()).await;
    assert_eq!(second.answered(200, &HeaderMap::new(), b""), Verdict::Fine);
    let fourth = world.acquire(read()).await;
    assert_eq!(world.elapsed(), seconds(5));
    drop((third, fourth));
}

#[tokio::test(start_paused = true)]
async fn places_are_given_in_the_order_in_which_they_were_asked_for() {
    let world = Arc::new(World::with(TWO_AT_ONCE));
    let held = (world.acquire(read()).await, world.acquire(read()).await);
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut waiting = Vec::new();
    for (name, wanted) in [("bulk 1", bulk(read())), ("bulk 2", bulk(read())), ("one", read()), ("two", read())] {
        let (world, order) = (world.clone(), order.clone());
        waiting.push(tokio::spawn(async move {
            let permit = world.acquire(wanted).await;
            order.lock().unwrap().push(name);
            tokio::time::sleep(seconds(1)).await;
            drop(permit);
        }));
        tokio::task::yield_now().await;
    }
    drop(held);
    for task in waiting {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), ["one", "two", "bulk 1", "bulk 2"]);
}

#[tokio::test(start_paused = true)]
async fn one_who_gives_up_leaves_the_place_to_the_next() {
    let world = Arc::new(World::with(TEN_A_MINUTE));
    for _ in 0..5 {
        drop(world.acquire(of_class("search")).await);
    }
    let gives_up = tokio::spawn({
        let world = world.clone();
        async move { drop(world.acquire(of_class("search")).await) }
    });
    tokio::task::yield_now().await;
    let next = tokio::spawn({
        let world = world.clone();
        async move { drop(world.acquire(of_class("search")).await) }
    });
    tokio::task::yield_now().await;
    gives_up.abort();
    assert!(gives_up.await.unwrap_err().is_cancelled());
    next.await.unwrap();
    assert_eq!(world.elapsed(), seconds(12), "the cell of the one who gave up is the next one's");
}

#[tokio::test(start_paused = true)]
async fn one_who_waits_for_one_limit_takes_nothing_of_another() {
    let limits = format!(
        "{TEN_A_MINUTE}[[limits]]\nname = \"few\"\nclasses = [\"few\", \"search\"]\nrequests = 4\nper = \"60s\"\n"
    );
    let world = World::with(&limits);
    drop((world.acquire(of_class("few")).await, world.acquire(of_class("few")).await));
    // `few` is used up, so these fail; `search` still has its five.
    for _ in 0..20 {
        assert!(world.refused(of_class("search")).await.message().contains("few limit"));
    }
    tokio::time::advance(seconds(60)).await;
    drop((world.acquire(of_class("search")).await, world.acquire(of_class("search")).await));
    assert_eq!(world.elapsed(), seconds(60));
}

#[tokio::test(start_paused = true)]
async fn bulk_work_leaves_a_fifth_to_those_who_look_at_a_screen() {
    let world = World::with("[[limits]]\nname = \"core\"\nrequests = 20\nper = \"60s\"\n");
    for _ in 0..8 {
        drop(world.acquire(bulk(read())).await);
    }
    assert_eq!(world.held_for(bulk(read())).await, Some(6));
    drop((world.acquire(read()).await, world.acquire(read()).await));
    assert_eq!(world.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn bulk_work_leaves_a_fifth_of_what_the_platform_says_is_left() {
    let world = World::with(
        "[[limits]]\nname = \"core\"\n[limits.headers]\nlimit = \"x-limit\"\nremaining = \"x-left\"\n\
         reset = \"x-reset\"\nreset_format = \"seconds\"\n",
    );
    world.send(read(), 200, &[("x-limit", "100"), ("x-left", "21"), ("x-reset", "30")], "").await;
    drop(world.acquire(bulk(read())).await);
    assert_eq!(world.held_for(bulk(read())).await, Some(30));
    for _ in 0..20 {
        drop(world.acquire(read()).await);
    }
    assert_eq!(world.held_for(read()).await, Some(30));
    tokio::time::advance(seconds(30)).await;
    assert_eq!(world.held_for(bulk(read())).await, None);
}

#[tokio::test(start_paused = true)]
async fn bulk_work_takes_four_places_of_five() {
    let world = World::with("[[limits]]\nname = \"core\"\nconcurrency = 5\n");
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(world.acquire(bulk(read())).await);
    }
    assert!(world.acquire_within(1, bulk(read())).await.is_err());
    held.push(world.acquire(read()).await);
    assert!(world.acquire_within(1, read()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_says_is_left_counts_more_than_what_was_declared() {
    let headers = "[limits.headers]\nlimit = \"x-limit\"\nremaining = \"x-left\"\nreset = \"x-reset\"\nreset_format = \"seconds\"\n";
    let world = World::with(&format!("{TEN_A_MINUTE}{headers}"));
    let search = || of_class("search");
    world.send(search(), 200, &[("x-limit", "100"), ("x-left", "40"), ("x-reset", "50")], "").await;
    for _ in 0..40 {
        drop(world.acquire(search()).await);
    }
    assert_eq!(world.elapsed(), Duration::ZERO, "it says that there is more");
    assert_eq!(world.held_for(search()).await, Some(50));
    let told = "waiting 50 s for Acme's search limit";
    drop(world.acquire(search()).await);
    assert_eq!((world.elapsed(), world.told()), (seconds(50), vec![told.to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn requests_under_way_are_taken_off_what_is_left() {
    let world = World::with(
        "[[limits]]\nname = \"core\"\n[limits.headers]\nremaining = \"x-left\"\nreset = \"x-reset\"\nreset_format = \"seconds\"\n",
    );
    let (first, second, third) =
        (world.acquire(read()).await, world.acquire(read()).await, world.acquire(read()).await);
    first.answered(200, &header_map(&[("x-left", "2"), ("x-reset", "9")]), b"");
    let error = world.acquire_within(1, read()).await.err().unwrap();
    assert_eq!(error.retry_after(), None, "the two under way may be those that are left, or not");
    second.answered(200, &header_map(&[("x-left", "0"), ("x-reset", "8")]), b"");
    assert_eq!(world.held_for(read()).await, Some(8));
    // It overtook the one before: an older word about the same window opens nothing.
    third.answered(200, &header_map(&[("x-left", "1"), ("x-reset", "8")]), b"");
    assert_eq!(world.held_for(read()).await, Some(8));
}

#[tokio::test(start_paused = true)]
async fn one_who_waits_for_what_is_under_way_goes_when_the_answer_says_that_there_is_more() {
    let headers = "[limits.headers]\nremaining = \"x-left\"\nreset = \"x-reset\"\nreset_format = \"seconds\"\n";
    let world = Arc::new(World::with(&format!("[[limits]]\nname = \"core\"\n{headers}")));
    let (first, second) = (world.acquire(read()).await, world.acquire(read()).await);
    first.answered(200, &header_map(&[("x-left", "1"), ("x-reset", "90")]), b"");
    let waiting = tokio::spawn({
        let world = world.clone();
        async move { drop(world.acquire(read()).await) }
    });
    tokio::time::sleep(seconds(2)).await;
    // It was counted before the other one, whose answer overtook this: so one is left.
    second.answered(200, &header_map(&[("x-left", "2"), ("x-reset", "88")]), b"");
    waiting.await.unwrap();
    assert_eq!((world.elapsed(), world.told()), (seconds(2), vec!["waiting for Acme's core limit".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn what_the_operator_says_holds_whatever_the_platform_says_beyond_it() {
    let headers = "[limits.headers]\nremaining = \"x-left\"\nreset = \"x-reset\"\nreset_format = \"seconds\"\n";
    let said = LimitOverride { requests: Some(4), burst: Some(1), ..LimitOverride::default() };
    let world = World::new("Acme", &declared(&format!("{TEN_A_MINUTE}{headers}")), &[("search", said)]);
    world.send(of_class("search"), 200, &[("x-left", "1000"), ("x-reset", "50")], "").await;
    assert_eq!(world.held_for(of_class("search")).await, Some(20));
}

#[tokio::test(start_paused = true)]
async fn everything_that_a_connection_sends_can_be_limited() {
    let said = LimitOverride { concurrency: Some(1), ..LimitOverride::default() };
    let world = World::new("Acme", &[], &[(ALL, said)]);
    let held = world.acquire(read()).await;
    let error = world.refused(write()).await;
    assert!(error.message().starts_with("Acme's rate limit lets no more"), "{error}");
    drop(held);
    assert_eq!(world.held_for(write()).await, None);
}

#[tokio::test(start_paused = true)]
async fn each_scope_counts_for_itself() {
    let limit = |scope: &str| format!("[[limits]]\nname = \"x\"\nscope = \"{scope}\"\nrequests = 2\nper = \"60s\"\n");
    let on = |ticket| Wanted { ticket: Some(ticket), ..write() };
    let cases = [
        ("connection", read(), of_class("a"), true),
        ("class", of_class("a"), of_class("b"), false),
        ("class", of_class("a"), Wanted { method: "POST", ..of_class("a") }, true),
        ("method", read(), Wanted { method: "HEAD", ..read() }, false),
        ("method", of_class("a"), of_class("b"), false),
        ("ticket", on("A-1"), on("A-2"), false),
        ("ticket", on("A-1"), on("A-1"), true),
        ("ticket", on("A-1"), write(), false),
    ];
    for (scope, first, second, is_shared) in cases {
        let world = World::with(&limit(scope));
        drop(world.acquire(first).await);
        assert_eq!(world.held_for(second).await.is_some(), is_shared, "{scope}: {first:?}, {second:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn connections_to_one_host_share_what_is_counted_by_address() {
    let text = "[[limits]]\nname = \"key\"\nscope = \"address\"\nrequests = 2\nper = \"60s\"\n";
    let world = World::with(text);
    let other = |host| {
        let place = Place { platform: "Acme", connection: "other", host };
        Limits::new(place, &declared(text), &BTreeMap::new(), &world.ledgers, world.wall.clone()).unwrap()
    };
    drop(world.acquire(read()).await);
    let soon = Instant::now() + seconds(1);
    assert!(other("api.example").acquire(&read(), soon, &Deaf).await.is_err());
    assert!(other("elsewhere.example").acquire(&read(), soon, &Deaf).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_made_anew_finds_what_was_spent() {
    let world = World::with(TEN_A_MINUTE);
    for _ in 0..5 {
        drop(world.acquire(of_class("search")).await);
    }
    let place = Place { platform: "Acme", connection: "work", host: "api.example" };
    let again = Limits::new(place, &declared(TEN_A_MINUTE), &BTreeMap::new(), &world.ledgers, world.wall.clone());
    let soon = Instant::now() + seconds(1);
    assert!(again.unwrap().acquire(&of_class("search"), soon, &Deaf).await.is_err());
}

#[tokio::test]
async fn the_ledgers_of_the_process_are_there_for_all() {
    let text = "[[limits]]\nname = \"key\"\nscope = \"address\"\nconcurrency = 1\n";
    let limits = |connection| {
        let place = Place { platform: "Acme", connection, host: "shared.example" };
        let wall = Arc::new(SystemClock);
        Limits::new(place, &declared(text), &BTreeMap::new(), Ledgers::of_process(), wall).unwrap()
    };
    let (one, other) = (limits("one"), limits("other"));
    let soon = Instant::now() + Duration::from_millis(20);
    let held = one.acquire(&read(), soon, &Deaf).await.unwrap();
    assert!(other.acquire(&read(), soon, &Deaf).await.is_err());
    drop(held);
    assert!(other.acquire(&read(), Instant::now() + seconds(60), &Deaf).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn budgets_that_nobody_needs_are_forgotten() {
    let world = World::with("[[limits]]\nname = \"x\"\nscope = \"ticket\"\nrequests = 20\nper = \"2s\"\n");
    for number in 0..5_000 {
        let ticket = number.to_string();
        drop(world.acquire(Wanted { ticket: Some(&ticket), ..write() }).await);
        tokio::time::advance(Duration::from_millis(10)).await;
    }
    let left = world.limits.0.ledger.open().len();
    assert!(left < 1_100, "{left}");
}

#[tokio::test(start_paused = true)]
async fn http_itself_says_too_much_where_the_manifest_says_nothing() {
    let world = World::new("Acme", &[], &[]);
    let verdict = world.send(read(), 429, &[("retry-after", "43")], "").await;
    let Verdict::Exceeded(exceeded) = verdict else { panic!("it was fine") };
    assert_eq!(exceeded.wait, retry_after(&HeaderValue::from_static("43"), world.wall.now()));
    let error = exceeded.error(429);
    assert_eq!(error.message(), "Acme's rate limit is used up until 12:30:05 UTC (in 43 s)");
    assert_eq!((error.status(), error.retry_after()), (Some(429), Some(seconds(43))));
    assert_eq!(world.held_for(write()).await, Some(43));
    tokio::time::advance(seconds(43)).await;
    assert_eq!(
        too_much(world.send(read(), 503, &[("retry-after", "1")], "").await),
        ("Acme's rate limit".into(), Some(1))
    );
    tokio::time::advance(seconds(1)).await;
    assert_eq!(world.send(read(), 503, &[], "").await, Verdict::Fine, "it failed, and asks for nothing");
    // When the outcome of a job can be asked for is no limit.
    assert_eq!(world.send(read(), 202, &[("retry-after", "30")], "").await, Verdict::Fine);
    assert_eq!(world.held_for(read()).await, None);
    assert_eq!(too_much(world.send(read(), 429, &[], "").await), ("Acme's rate limit".into(), None));
    assert_eq!(world.held_for(read()).await, None, "nobody said how long");
}

#[tokio::test(start_paused = true)]
async fn a_body_is_parsed_only_if_the_code_can_be_in_it() {
    let exceeded = "[[limits]]\nname = \"x\"\n[[limits.exceeded]]\nstatus = [400]\n\
                    code = { pointer = \"/code\", equals = [\"RATELIMITED\", \"42\"] }\nwait = [\"5s\"]\n";
    let limits = declared(exceeded);
    let sign = sign::Sign::new(&limits[0].exceeded[0]).unwrap();
    let cases = [
        (200, r#"{"code":"RATELIMITED"}"#, false, false),
        (400, r#"{"code":"OTHER"}"#, false, false),
        (400, r#"{"text":"RATELIMITED"}"#, true, false),
        (400, "RATELIMITED", true, false),
        (400, r#"{"code":"RATELIMITED"}"#, true, true),
        (400, r#"{"code":42}"#, true, true),
    ];
    for (status, body, is_parsed, fits) in cases {
        let headers = HeaderMap::new();
        let answer = sign::Answer::new(status, &headers, body.as_bytes(), UNIX_EPOCH);
        assert_eq!((sign.fits(&answer), answer.was_parsed()), (fits, is_parsed), "{status} {body}");
    }
}
