//! Interviews 面试: when an enterprise meets which student, in the hall of an event or on site.
//!
//! An enterprise lays out a **session** ([`sessions`]): a room, its interviewers, and **slots** of so many minutes for one
//! student or a group, with a buffer after each. A student **books** a slot ([`bookings`]) for an application that is
//! shortlisted or invited, is checked in, and the interview takes place; or the place is given up, in time or late, or
//! nobody comes. Where no place is left, students **wait** ([`waits`]): what becomes free is offered to the first. Two who
//! would rather be interviewed at each other's time change places ([`swaps`]).
//!
//! A slot never takes more students than its size, and no student, interviewer or room is booked twice at one time,
//! buffers included (I6): whoever is needed is **held** ([`holds`]), five minutes by five minutes. How
//! many wait where is the **queue** on the hall's screen ([`queue`]).

pub mod bookings;
pub mod graphql;
pub mod holds;
pub mod queue;
pub mod sessions;
pub mod swaps;
pub mod waits;
