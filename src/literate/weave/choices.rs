//! Questions with choices: a task list, and a folded answer that names the right one and
//! says which belief each wrong one comes from.

use super::edits::{Edit, Spanned, end_of};
use pulldown_cmark::{Event, Tag};

/// A task list with a folded answer after it: a question with choices.
pub fn choices(
    text: &str,
    events: &[Spanned],
    list: usize,
) -> Result<Vec<Edit>, String> {
    let end = end_of(events, list);
    let marker = |(event, range): &Spanned| match event {
        Event::TaskListMarker(_) => text[range.end..].trim_start().lines().next(),
        _ => None,
    };
    let offered: Vec<&str> = events[list..end].iter().filter_map(marker).collect();
    let next = events.get(end + 1);
    let is_answer = |(event, range): &Spanned| {
        *event == Event::Start(Tag::HtmlBlock)
            && text[range.clone()].starts_with("<details")
    };
    if offered.is_empty() || !next.is_some_and(is_answer) {
        return Ok(Vec::new());
    }
    let letters = offered
        .iter()
        .map(|choice| choice.split_once('.').unwrap_or((choice, "")).0);
    let letters: Vec<&str> = letters.collect();
    let is_letter =
        |l: &&str| l.len() == 1 && l.starts_with(|c: char| c.is_ascii_uppercase());
    if let Some(wrong) = letters.iter().find(|letter| !is_letter(letter)) {
        return Err(format!(
            "a choice begins with its letter, as in `A. text`; here is `{wrong}`"
        ));
    }
    // The answer's first words are bold: `**B.** Because …`.
    let answer = end_of(events, end + 1);
    let bold = events[answer..].iter().take(3).find_map(|(event, range)| {
        let bold = *event == Event::Start(Tag::Strong);
        bold.then(|| text[range.clone()].trim_matches(['*', '.']))
    });
    let letter = bold.ok_or(
        "an answer begins with the letter of the right choice, as in `**B.**`",
    )?;
    if !letters.contains(&letter) {
        return Err(format!(
            "the answer is `{letter}`, and the choices are {}",
            letters.join(", ")
        ));
    }
    let is_end = |(event, range): &&Spanned| {
        *event == Event::Start(Tag::HtmlBlock)
            && text[range.clone()].contains("</details>")
    };
    let close = events[end + 1..].iter().find(is_end);
    let close = close.ok_or("the answer has no </details>")?.1.end;
    let explained = explained(text, &events[answer..], close);
    for told in &explained {
        if *told == letter || !letters.contains(told) {
            return Err(format!(
                "the answer explains `{told}`, which is no wrong choice"
            ));
        }
    }
    let unexplained = letters
        .iter()
        .find(|l| **l != letter && !explained.contains(l));
    if let (Some(wrong), false) = (unexplained, explained.is_empty()) {
        return Err(format!(
            "the answer does not say which belief `{wrong}` comes from: it needs an item \
             `- **{wrong}** …`"
        ));
    }
    let open = format!("<div class=\"choices\" data-answer=\"{letter}\">\n\n");
    let start = start(text, events, list);
    Ok(vec![
        (start..start, open),
        (close..close, "\n\n</div>\n\n".to_owned()),
    ])
}

/// The letters of the items `- **B** …` of an answer that ends at the byte `close`.
fn explained<'t>(text: &'t str, answer: &[Spanned], close: usize) -> Vec<&'t str> {
    let within = answer.iter().take_while(|(_, range)| range.start < close);
    let within: Vec<&Spanned> = within.collect();
    let items = within
        .windows(3)
        .filter(|w| w[0].0 == Event::Start(Tag::Item));
    let bold = items.filter_map(|w| {
        let strong = w
            .iter()
            .find(|(event, _)| *event == Event::Start(Tag::Strong))?;
        Some(text[strong.1.clone()].trim_matches(['*', '.']))
    });
    bold.filter(|bold| bold.len() == 1).collect()
}

/// The start of the question to a list of choices: a paragraph that begins in bold, or the
/// list itself.
fn start(text: &str, events: &[Spanned], list: usize) -> usize {
    let before = events[..list].iter().rposition(|(event, range)| {
        *event == Event::Start(Tag::Paragraph) && text[range.clone()].starts_with("**")
    });
    let start = events[list].1.start;
    match before {
        Some(at) if end_of(events, at) + 1 == list => events[at].1.start,
        _ => start,
    }
}

#[cfg(test)]
mod tests {
    use crate::literate::weave::tests::{problem, woven};

    const ANSWER: &str =
        "<details><summary>Answer</summary>\n\n**B.** So.\n</details>\n";

    #[test]
    fn question_list_and_answer_become_a_group_that_knows_the_right_letter() {
        let list = "- [ ] A. One\n- [ ] B. Two\n\n";
        let text = format!("Before\n\n**Which?**\n\n{list}{ANSWER}\nAfter\n");
        let group = format!(
            "Before\n\n<div class=\"choices\" data-answer=\"B\">\n\n**Which?**\n\n\
             {list}{ANSWER}\n\n</div>\n\n\nAfter\n"
        );
        assert_eq!(woven(&text), group);
    }

    #[test]
    fn an_answer_explains_every_wrong_choice_or_none() {
        let asked = "- [ ] A. One\n- [ ] B. Two\n- [ ] C. Three\n\n";
        let with = |items: &str| {
            format!(
                "{asked}{}",
                ANSWER.replace("So.\n", &format!("So.\n\n{items}\n"))
            )
        };
        assert!(
            woven(&with("- **A** takes it for 1.\n- **C** counts twice."))
                .contains("C**")
        );
        assert_eq!(
            problem(&with("- **A** takes it for 1.")),
            "a.md:1: the answer does not say which belief `C` comes from: it needs an item \
             `- **C** …`"
        );
        for letter in ["B", "D"] {
            assert_eq!(
                problem(&with(&format!("- **A** x\n- **{letter}** y"))),
                format!(
                    "a.md:1: the answer explains `{letter}`, which is no wrong choice"
                )
            );
        }
    }

    #[test]
    fn a_task_list_without_an_answer_is_a_list_of_tasks() {
        let text = "- [ ] Wash\n- [x] Dry\n\nAfter\n";
        assert_eq!(woven(text), text);
    }

    #[test]
    fn a_letter_that_is_missing_or_unknown_is_an_error() {
        let without = format!("- [ ] One\n- [ ] Two\n\n{ANSWER}");
        assert_eq!(
            problem(&without),
            "a.md:1: a choice begins with its letter, as in `A. text`; here is `One`"
        );
        let unknown = format!("\n- [ ] A. One\n- [ ] C. Two\n\n{ANSWER}");
        assert_eq!(
            problem(&unknown),
            "a.md:2: the answer is `B`, and the choices are A, C"
        );
        let silent = format!("- [ ] A. One\n\n{}", ANSWER.replace("**B.** ", ""));
        assert_eq!(
            problem(&silent),
            "a.md:1: an answer begins with the letter of the right choice, as in `**B.**`"
        );
    }
}
