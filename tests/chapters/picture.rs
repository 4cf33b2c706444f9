//! Pictures of the whole, compared with `snapshots/chapters`.
//!
//! A snapshot never decides alone: the numbers in it are asserted first. This file is the
//! only one of the chapters' tests that a workbook has in another form.

/// Compares a picture with `snapshots/chapters/NAME.snap`, by insta, which may offer to
/// replace it.
#[track_caller]
pub fn assert_picture(name: &str, picture: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/chapters");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, picture));
}
