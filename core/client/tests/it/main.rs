//! The facade against a server made for the test: what a phone does when the network or the
//! server misbehaves. The real server's tests are elsewhere.

mod attachments;
mod background;
mod enrolment;
mod observers;
mod office;
mod opening;
mod people;
mod rounds;
mod trust;
mod writing;
