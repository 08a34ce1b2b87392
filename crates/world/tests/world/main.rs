//! The cache's behaviour, one story per test.
#![cfg(not(feature = "shuttle"))]

mod caching;
mod foreign;
mod invalidation;
mod lab;
mod random;
mod tables;
mod threads;
