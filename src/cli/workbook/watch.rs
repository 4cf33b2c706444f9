//! `watch`: at every save, the first open exercise; then the next.

use super::check::Limit;
use super::copy::Purpose;
use super::hint;
use super::job::{Note, Situation, work};
use super::list;
use super::lock::Lock;
use super::page::Page;
use super::place::Workbook;
use super::process::{Cancel, catch_signals, interrupted};
use super::screen::Screen;
use super::snapshot::Snapshot;
use super::version;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use clap::Args;
use crossterm::event::{self, Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers};
use notify::event::{AccessKind, AccessMode};
use notify::{
    Config, Event as FileEvent, EventKind, PollWatcher, RecommendedWatcher,
    RecursiveMode, Watcher,
};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// The time for which nothing must change before the work begins, because an editor may write
/// a file in several steps.
const STILL: Duration = Duration::from_millis(25);
/// The time between two looks for signals.
const TICK: Duration = Duration::from_millis(100);
/// The time between two looks at files where the system does not tell of changes.
const POLL: Duration = Duration::from_millis(300);

/// Watch your chapters and test the first open exercise at every save
///
/// In a terminal it shows a page that is drawn anew in place. Elsewhere it prints a line
/// for whatever happens, and ends once every exercise is done.
#[derive(Debug, Default, Args)]
pub struct Watch {
    #[command(flatten)]
    limit: Limit,
}

enum Event {
    /// This file was changed.
    Changed(String),
    /// A key was pressed.
    Key(KeyEvent),
    /// The screen has another size.
    Resized,
    /// News of the work of this generation.
    Note(usize, Note),
    /// The work of this generation has ended.
    Ended(usize, Result<Situation, Failure>),
}

impl Watch {
    /// Watches until it is told to stop.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::find()?;
        let Some(_alone) = Lock::of_watcher(&workbook)? else {
            return Err(Failure::Unusable(format!(
                "{} is being watched already, by another `fully-connected`: go on there, or \
                 end it first. `fully-connected check` can be called meanwhile",
                workbook.root.display()
            )));
        };
        catch_signals();
        let (sender, events) = mpsc::channel();
        let watcher = watch_files(&workbook, &sender)?;
        let screen = if Screen::is_there() {
            let screen = Screen::take()?;
            read_keys(sender.clone());
            Some(screen)
        } else {
            let folder = workbook.root.display();
            writeln!(out, "Watching {folder}; Ctrl-C ends it")?;
            None
        };
        let mut session = Session {
            workbook,
            watcher,
            time: self.limit.time(),
            sender,
            screen,
            out,
            page: Page::default(),
            generation: 0,
            cancel: Cancel::default(),
            at_work: Arc::default(),
            due: None,
            remark: "",
        };
        let outcome = session.run(&events);
        session.cancel.cancel();
        // The work's programs end with it.
        drop(session.at_work.lock());
        outcome
    }
}

struct Session<'a, W: Write> {
    workbook: Workbook,
    watcher: Box<dyn Watcher>,
    time: Duration,
    sender: Sender<Event>,
    screen: Option<Screen>,
    out: &'a mut W,
    page: Page,
    /// The generation of the work that goes on; messages of older generations are ignored.
    generation: usize,
    cancel: Cancel,
    /// The lock that the work holds, so that there is one at a time.
    at_work: Arc<Mutex<()>>,
    /// The time at which the work is to begin, after a save.
    due: Option<Instant>,
    /// The words behind the workbook's name.
    remark: &'static str,
}

impl<W: Write> Session<'_, W> {
    fn run(&mut self, events: &mpsc::Receiver<Event>) -> Result<Outcome, Failure> {
        self.start(Purpose::Watch);
        loop {
            self.draw()?;
            let wait = self.due.map_or(TICK, |due| {
                due.saturating_duration_since(Instant::now()).min(TICK)
            });
            let event = match events.recv_timeout(wait) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(Outcome::Done),
            };
            if interrupted() {
                return match self.screen {
                    Some(_) => Ok(Outcome::Done),
                    None => Err(Failure::Interrupted),
                };
            }
            if let Some(event) = event
                && let Some(outcome) = self.take(event)?
            {
                return Ok(outcome);
            }
            if self.due.is_some_and(|due| due <= Instant::now()) {
                self.due = None;
                self.start(Purpose::Watch);
            }
        }
    }

    /// Answers an event; an outcome ends the watching.
    fn take(&mut self, event: Event) -> Result<Option<Outcome>, Failure> {
        match event {
            Event::Changed(file) => {
                self.cancel.cancel();
                // Its messages are about the files before the save.
                self.generation += 1;
                if file == "src" {
                    watch_anew(&mut *self.watcher, &self.workbook);
                }
                if self.due.is_none() {
                    let lines = self.page.saved(&format!("{file} was saved"));
                    self.print(&lines)?;
                }
                self.due = Some(Instant::now() + STILL);
            }
            Event::Key(key) => return self.key(key),
            Event::Resized => {
                if let Some(screen) = &mut self.screen {
                    screen.forget();
                }
            }
            Event::Note(generation, note) if generation == self.generation => {
                let solved = matches!(note, Note::Solved(..));
                let at = matches!(note, Note::At(_));
                let lines = self.page.note(note);
                if solved || at {
                    self.look()?;
                }
                self.print(&lines)?;
            }
            Event::Ended(generation, ended) if generation == self.generation => {
                return self.ended(ended);
            }
            Event::Note(..) | Event::Ended(..) => {}
        }
        Ok(None)
    }

    fn ended(
        &mut self,
        ended: Result<Situation, Failure>,
    ) -> Result<Option<Outcome>, Failure> {
        let lines = match ended {
            Ok(situation) => {
                let all_done = matches!(situation, Situation::AllDone(_));
                let lines = self.page.ended(situation);
                if all_done && self.screen.is_none() {
                    self.print(&lines)?;
                    return Ok(Some(Outcome::Done));
                }
                lines
            }
            Err(Failure::Interrupted) => Vec::new(),
            Err(failure) => self.page.failed(&failure.to_string()),
        };
        self.look()?;
        self.print(&lines)?;
        Ok(None)
    }

    fn key(&mut self, key: KeyEvent) -> Result<Option<Outcome>, Failure> {
        let room = isize::try_from(Screen::size().1 / 2).unwrap_or(10);
        match key.code {
            KeyCode::Char('c' | 'd') if key.modifiers == KeyModifiers::CONTROL => {
                return Ok(Some(Outcome::Done));
            }
            KeyCode::Char('q') => return Ok(Some(Outcome::Done)),
            KeyCode::Char('h') => {
                if let Some(exercise) = self.page.exercise() {
                    let lines = hint::lines(&self.workbook, exercise, None)?;
                    self.page.lay_over(Some(lines));
                }
            }
            KeyCode::Char('l') => {
                let lines = list::lines(&Snapshot::take(&self.workbook)?);
                self.page.lay_over(Some(lines));
            }
            KeyCode::Char('c') => {
                self.page.saved("checking everything");
                self.start(Purpose::Check);
            }
            KeyCode::Char('r') => {
                self.page.saved("once more");
                self.start(Purpose::Watch);
            }
            KeyCode::Esc | KeyCode::Char(' ') | KeyCode::Enter => {
                self.page.lay_over(None);
            }
            KeyCode::Up | KeyCode::Char('k') => self.page.scroll(-1),
            KeyCode::Down | KeyCode::Char('j') => self.page.scroll(1),
            KeyCode::PageUp => self.page.scroll(-room),
            KeyCode::PageDown => self.page.scroll(room),
            KeyCode::Home => self.page.scroll(isize::MIN),
            KeyCode::End => self.page.scroll(isize::MAX),
            _ => {}
        }
        Ok(None)
    }

    /// Calls off what goes on and starts the work anew.
    fn start(&mut self, purpose: Purpose) {
        self.cancel.cancel();
        self.cancel = Cancel::default();
        self.generation += 1;
        let (generation, cancel) = (self.generation, self.cancel.clone());
        let (sender, at_work) = (self.sender.clone(), Arc::clone(&self.at_work));
        let (workbook, time) = (self.workbook.clone(), self.time);
        thread::spawn(move || {
            let _alone = at_work.lock();
            // Nobody listens once the watching has ended.
            let mut say = |note| drop(sender.send(Event::Note(generation, note)));
            let job = || work(purpose, &workbook, time, &cancel, &mut say);
            let ended = catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|_| {
                let what = "the program itself has failed; please report it";
                Err(Failure::Unusable(what.to_owned()))
            });
            drop(sender.send(Event::Ended(generation, ended)));
        });
    }

    fn look(&mut self) -> Result<(), Failure> {
        self.remark = match version::difference(&self.workbook.state()?.version) {
            Some(_) => ", older than the program",
            None => "",
        };
        self.page.look(&Snapshot::take(&self.workbook)?);
        Ok(())
    }

    fn draw(&mut self) -> Result<(), Failure> {
        let Some(screen) = &mut self.screen else {
            return Ok(());
        };
        let name = self.workbook.root.file_name().unwrap_or_default();
        let name = name.to_string_lossy() + self.remark;
        let (width, height) = Screen::size();
        let rows = self.page.rows(width, height, &name);
        screen.draw(rows)
    }

    /// Prints lines where there is no screen to draw.
    fn print(&mut self, lines: &[String]) -> Result<(), Failure> {
        if self.screen.is_none() {
            for line in lines {
                writeln!(self.out, "{line}")?;
            }
            self.out.flush()?;
        }
        Ok(())
    }
}

/// Sends keys and sizes, for as long as the program runs.
fn read_keys(sender: Sender<Event>) {
    thread::spawn(move || {
        while let Ok(event) = event::read() {
            let event = match event {
                TerminalEvent::Key(key) if key.is_press() => Event::Key(key),
                TerminalEvent::Resize(..) => Event::Resized,
                _ => continue,
            };
            if sender.send(event).is_err() {
                return;
            }
        }
    });
}

/// Watches the folder, not the files: an editor that saves by renaming puts new ones there.
fn watch_files(
    workbook: &Workbook,
    sender: &Sender<Event>,
) -> Result<Box<dyn Watcher>, Failure> {
    let root = workbook.root.canonicalize();
    let root = root.unwrap_or_else(|_| workbook.root.clone());
    let handler = || {
        let (sender, root) = (sender.clone(), root.clone());
        move |event: notify::Result<FileEvent>| {
            let Ok(event) = event else { return };
            for path in event.paths.iter().filter(|_| is_change(event.kind)) {
                if let Some(file) = of_source(path, &root) {
                    drop(sender.send(Event::Changed(file)));
                }
            }
        }
    };
    let start = |watcher: &mut dyn Watcher| {
        // The root tells when `src` itself goes and comes back.
        watcher.watch(&root, RecursiveMode::NonRecursive)?;
        watcher.watch(&root.join("src"), RecursiveMode::Recursive)
    };
    if let Ok(mut watcher) = RecommendedWatcher::new(handler(), Config::default())
        && start(&mut watcher).is_ok()
    {
        return Ok(Box::new(watcher));
    }
    // Some file systems tell nothing, and a system can run out of watches.
    let config = Config::default().with_poll_interval(POLL);
    let watched = PollWatcher::new(handler(), config).and_then(|mut watcher| {
        start(&mut watcher)?;
        Ok(watcher)
    });
    match watched {
        Ok(watcher) => Ok(Box::new(watcher)),
        Err(error) => {
            let folder = root.join("src");
            let problem = format!("cannot watch {}: {error}", folder.display());
            Err(Failure::Unusable(problem))
        }
    }
}

/// Watches `src` after it was moved, deleted or made: what is watched is the folder of
/// before, whatever its name is now. If it is not there, the root will tell when it is.
fn watch_anew(watcher: &mut dyn Watcher, workbook: &Workbook) {
    let root = workbook.root.canonicalize();
    let folder = root.unwrap_or_else(|_| workbook.root.clone()).join("src");
    let _ = watcher.unwatch(&folder);
    let _ = watcher.watch(&folder, RecursiveMode::Recursive);
}

/// Whether an event can change a file: reading does not, closing after writing does.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// The path of a source relative to the workbook. An editor's own files are none.
fn of_source(path: &Path, root: &Path) -> Option<String> {
    let file = path.strip_prefix(root).ok()?;
    let is_source =
        file.starts_with("src") && file.extension().is_some_and(|e| e == "rs");
    (is_source || file == Path::new("src")).then(|| {
        let file = file.to_string_lossy();
        file.replace('\\', "/")
    })
}
