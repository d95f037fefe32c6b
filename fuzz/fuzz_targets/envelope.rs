#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wecubectl_fuzz::envelope(data));
