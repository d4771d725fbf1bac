//! SQLite's one writer: a thread that takes what waits, writes it in one transaction and commits once.
//!
//! A commit waits for the disk. Ten units of work that wait together share one wait; each still fails alone,
//! because each runs inside its own savepoint, and none is answered before the commit. Who waits alone needs none.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use diesel::connection::TransactionManager;
use diesel::r2d2::ManageConnection;

use super::conn::Manager;
use super::{Conn, transaction, unavailable};
use crate::{Error, Result};

/// The most units of work that share a commit: bounds how long the first one waits.
const GROUP: usize = 64;

/// The sending side. The thread ends when the last one is dropped.
pub(super) struct Writer {
    queue: Sender<Box<dyn Unit>>,
}

impl Writer {
    /// Opens the connection, so that a bad path is told here, and starts the thread.
    pub(super) fn start(manager: Manager) -> Result<Self> {
        let conn = manager.connect().map_err(unavailable)?;
        let (queue, units) = channel();
        thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || serve(conn, &manager, &units))
            .map_err(unavailable)?;
        Ok(Self { queue })
    }

    /// Queues `work` and waits for the commit that holds it.
    pub(super) fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = sync_channel(1);
        let ended = || Error::bug("the database writer has ended");
        let unit = Pending { work: Some(work), outcome: None, reply };
        self.queue.send(Box::new(unit)).map_err(|_| ended())?;
        answer.recv().map_err(|_| ended())?
    }
}

/// One unit of work with the types of its answer erased.
trait Unit: Send {
    /// Does the work. False when it failed and must be rolled back.
    fn run(&mut self, tx: &mut Conn) -> bool;
    /// Tells the caller: the work's own outcome once committed, otherwise why there was no commit.
    fn answer(self: Box<Self>, committed: &Result<()>);
}

struct Pending<F, T> {
    work: Option<F>,
    outcome: Option<Result<T>>,
    reply: SyncSender<Result<T>>,
}

impl<F, T> Unit for Pending<F, T>
where
    F: FnOnce(&mut Conn) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, tx: &mut Conn) -> bool {
        self.outcome = self.work.take().map(|work| transaction::guarded(tx, work));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, committed: &Result<()>) {
        let answer = match (self.outcome, committed) {
            // What failed alone keeps its own reason: nothing of it was to be committed.
            (Some(Err(error)), _) => Err(error),
            (Some(outcome), Ok(())) => outcome,
            (_, Err(error)) => Err(Error::Unavailable(error.to_string())),
            (None, Ok(())) => Err(Error::bug("a unit of work was committed without being run")),
        };
        // A caller that went away no longer wants to know.
        let _ = self.reply.send(answer);
    }
}

fn serve(mut conn: Conn, manager: &Manager, units: &Receiver<Box<dyn Unit>>) {
    let _alone = transaction::Alone::enter();
    while let Ok(first) = units.recv() {
        let mut group = vec![first];
        group.extend(units.try_iter().take(GROUP - 1));
        let committed = match &mut group[..] {
            [alone] => commit_alone(&mut conn, alone.as_mut()),
            together => commit_together(&mut conn, together),
        };
        if let Err(error) = &committed {
            tracing::error!(%error, units = group.len(), "the database writer could not commit");
            // A connection in doubt is replaced. Should that fail, the old one keeps answering with errors.
            match manager.connect() {
                Ok(fresh) => conn = fresh,
                Err(error) => tracing::error!(%error, "the database writer could not reconnect"),
            }
        }
        for unit in group {
            unit.answer(&committed);
        }
    }
}

/// One unit in a transaction of its own. A savepoint would keep a copy of every page that it changes.
fn commit_alone(conn: &mut Conn, unit: &mut dyn Unit) -> Result<()> {
    transaction::begin(conn, "BEGIN IMMEDIATE", "BEGIN")?;
    if unit.run(conn) {
        return transaction::commit(conn);
    }
    Ok(<Conn as TransactionManager<Conn>>::rollback_transaction(conn)?)
}

/// All units in one transaction; an error here means that none of them was committed.
fn commit_together(conn: &mut Conn, group: &mut [Box<dyn Unit>]) -> Result<()> {
    transaction::begin(conn, "BEGIN IMMEDIATE", "BEGIN")?;
    for unit in group {
        <Conn as TransactionManager<Conn>>::begin_transaction(conn)?;
        if unit.run(conn) {
            <Conn as TransactionManager<Conn>>::commit_transaction(conn)?;
        } else {
            // Fails when SQLite gave up the whole transaction (disk full, I/O error): then nobody is committed.
            <Conn as TransactionManager<Conn>>::rollback_transaction(conn)?;
        }
    }
    transaction::commit(conn)
}
