//! C1: device images as results on code instances.

use crate::{Story, VECTOR, target};
use compiler::{CompilerConfig, DeviceImage, ImageResults, cached_results};
use std::sync::atomic::Ordering;
use world::results::PortableValue;

const SOURCE: &str = "
    half9(x) = x / 2
    halves9!(y) = (y[1] = half9(y[1]); return)";

fn image(story: &Story, machine: &str) -> &'static DeviceImage {
    let job = story.job(CompilerConfig::kernel(target(machine)), &format!("halves9!{VECTOR}"));
    interp::on_big_stack(|| story.engine.driver().image(&job)).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn an_image_is_made_once_for_each_machine_and_again_after_a_redefinition() {
    let story = Story::begin(SOURCE);
    let compiled = || story.engine.driver().counters.compiled.load(Ordering::Relaxed);
    let before = compiled();
    let first = image(&story, "ptx");
    assert!(std::ptr::eq(first, image(&story, "ptx")));
    assert_eq!(compiled(), before + 1);
    let other = image(&story, "gcn");
    assert_ne!(first.artifact.bytes, other.artifact.bytes);
    assert_eq!((first.parameters.len(), &first.parameters), (1, &other.parameters));
    assert!(std::ptr::eq(first, image(&story, "ptx")));
    assert_eq!(compiled(), before + 2);
    story.load("half9(x) = x / 4");
    assert_ne!(first.artifact.bytes, image(&story, "ptx").artifact.bytes);
    assert_eq!(compiled(), before + 3);
}

#[test]
fn an_image_that_was_written_reads_as_it_was_and_a_part_of_it_reads_as_nothing() {
    let story = Story::begin(SOURCE);
    let made = image(&story, "ptx");
    assert!(made.with_state && made.artifact.sites.iter().any(|s| s.kind == "BoundsError"));
    let mut bytes = Vec::new();
    made.encode(&mut bytes);
    assert_eq!(DeviceImage::decode(&mut bytes.as_slice()).as_ref(), Some(made));
    for end in 0..bytes.len() {
        assert_eq!(DeviceImage::decode(&mut &bytes[..end]), None, "{end} of {} bytes", bytes.len());
    }
}

#[test]
fn a_look_up_of_images_finds_nothing_until_one_is_made() {
    let story = Story::begin("thirds9!(y) = (y[1] = y[1] / 3; return)");
    let job = story.job(CompilerConfig::kernel(target("ptx")), &format!("thirds9!{VECTOR}"));
    assert!(cached_results::<ImageResults>(&job).is_none());
    interp::on_big_stack(|| story.engine.driver().image(&job)).unwrap_or_else(|e| panic!("{e}"));
    assert!(cached_results::<ImageResults>(&job).is_some_and(|r| r.image.get().is_some()));
}
