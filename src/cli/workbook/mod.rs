//! The commands inside a workbook.
//!
//! [`place`] finds the workbook; [`sources`] reads the student's chapters, and a [`snapshot`]
//! says the [`standing`] of each exercise. To [`examine`] exercises, a [`copy`] is made with the
//! program's own tests, [`cargo`] builds it, and [`trial`] runs what was built (on
//! [`process`]); [`judge`] turns endings into verdicts. Each command is a
//! file; [`watch`] has the work done as a [`job`] and shows it as a [`page`] on a [`screen`].
//! [`update`] brings the workbook to another [`version`] by a [`swap`] of files, and knows
//! which [`forms`] have changed; until then it is tested as [`older`] says.

pub mod check;
pub mod hint;
pub mod learn;
pub mod list;
pub mod replace;
pub mod solution;
pub mod update;
pub mod watch;

mod cargo;
mod copy;
mod document;
mod examine;
mod example;
mod files;
mod forms;
mod job;
mod judge;
pub mod limits;
mod lock;
mod names;
mod older;
mod page;
pub mod place;
pub mod process;
mod screen;
mod sources;
mod snapshot;
mod standing;
mod submission;
mod swap;
mod train;
mod trial;
mod version;
