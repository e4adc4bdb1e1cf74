//! `docs/tour.md`: its commands are run in their order, and print what it says they print.

use crate::stage::Stage;

const TOUR: &str = include_str!("../../../../docs/tour.md");

/// The blocks of shell commands, each with the block of output that follows it, if one does.
fn blocks() -> Vec<(String, Option<String>)> {
    let mut blocks: Vec<(String, Option<String>)> = Vec::new();
    let mut fence: Option<(&str, String)> = None;
    for line in TOUR.lines() {
        match (&mut fence, line.strip_prefix("```")) {
            (None, Some(kind)) => fence = Some((kind, String::new())),
            (Some((_, text)), None) => text.extend([line, "\n"]),
            (Some(_), Some(_)) => match fence.take() {
                Some(("sh", text)) => blocks.push((text, None)),
                Some(("text", text)) => blocks.last_mut().unwrap().1 = Some(text),
                _ => {}
            },
            (None, None) => {}
        }
    }
    assert!(fence.is_none(), "a block has no end");
    blocks
}

#[test]
fn every_command_of_the_tour_does_what_it_says() {
    let stage = Stage::new("tour", &[]);
    // one shell for all: a later block uses what an earlier one has set
    let mut script = String::new();
    for (number, (block, _)) in blocks().iter().enumerate() {
        script.push_str(&format!("exec >block-{number}.out\n{block}"));
    }
    stage.sh(&script, &[]).ok();
    for (number, (block, printed)) in blocks().iter().enumerate() {
        let out = std::fs::read_to_string(stage.home.join(format!("block-{number}.out"))).unwrap();
        if let Some(printed) = printed {
            assert!(out.contains(printed.as_str()), "after\n{block}\nit printed\n{out}\nin place of\n{printed}");
        }
    }
    assert!(blocks().len() > 10);
}
