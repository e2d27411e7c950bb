#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| authwire_fuzz_subjects::connector::hold(bytes));
