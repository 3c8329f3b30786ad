//! Catalogues of translations.

use super::*;

const BASE: &str = "msgid \"\"\nmsgstr \"\"\n\"Project-Id-Version: 1\\n\"\n\"Last-Translator: a\\n\"\n\"Language: de\\n\"\n\n#: a.py:1\nmsgid \"Yes\"\nmsgstr \"Ja\"\n\n#: a.py:2\nmsgid \"No\"\nmsgstr \"\"\n\nmsgid \"one\"\nmsgid_plural \"many\"\nmsgstr[0] \"eins\"\nmsgstr[1] \"viele\"\n";

#[test]
fn messages_and_fields_merge_by_name() {
    let ours = BASE
        .replace("Version: 1", "Version: 2")
        .replace("[0] \"eins\"", "[0] \"ein\"");
    let theirs = BASE
        .replace("Translator: a", "Translator: b")
        .replace("[1] \"viele\"", "[1] \"mehr\"");
    let both = ours
        .replace("Translator: a", "Translator: b")
        .replace("[1] \"viele\"", "[1] \"mehr\"");
    clean(
        "locale/de/LC_MESSAGES/django.po",
        BASE,
        [&ours, &theirs],
        &both,
    );
    let new = |name: &str| format!("{BASE}\nmsgid \"{name}\"\nmsgstr \"\"\n");
    let both = new("x") + "\nmsgid \"y\"\nmsgstr \"\"\n";
    clean("django.po", BASE, [&new("x"), &new("y")], &both);
}

#[test]
fn one_text_in_two_contexts_is_two_messages() {
    let base = "msgctxt \"a\"\nmsgid \"May\"\nmsgstr \"1\"\n\nmsgctxt \"b\"\nmsgid \"May\"\nmsgstr \"2\"\n";
    let (ours, theirs) = (
        base.replace("\"1\"", "\"3\""),
        base.replace("\"2\"", "\"4\""),
    );
    clean(
        "django.po",
        base,
        [&ours, &theirs],
        &ours.replace("\"2\"", "\"4\""),
    );
}

#[test]
fn what_both_said_otherwise_or_one_took_out_is_a_conflict() {
    let say =
        |text: &str| BASE.replace("\"No\"\nmsgstr \"\"", &format!("\"No\"\nmsgstr \"{text}\""));
    conflict("django.po", BASE, [&say("Nein"), &say("Nee")]);
    let gone = BASE.replace("#: a.py:2\nmsgid \"No\"\nmsgstr \"\"\n\n", "");
    conflict("django.po", BASE, [&gone, &say("Nein")]);
}

#[test]
fn one_message_of_both_is_kept_once_or_is_the_conflict() {
    let put = |above: &str, said: &str| {
        let message = format!("msgid \"new\"\nmsgstr \"{said}\"\n\n");
        BASE.replacen(above, &(message + above), 1)
    };
    let (ours, theirs) = (put("#: a.py:1", "x"), put("msgid \"one\"", "x"));
    clean("django.po", BASE, [&ours, &theirs], &ours);
    let theirs = put("msgid \"one\"", "y");
    conflict("django.po", BASE, [&ours, &theirs]);
}

#[test]
fn an_empty_text_that_both_took_out_is_no_text_of_another_message() {
    let message = |id: &str, text: &str| format!("msgid \"{id}\"\nmsgstr \"{text}\"\n");
    let file = |rows: &[(&str, &str)]| {
        let rows: Vec<String> = rows.iter().map(|(id, text)| message(id, text)).collect();
        rows.join("\n")
    };
    clean(
        "locale/de/LC_MESSAGES/django.po",
        &file(&[("one", "eins"), ("two", "die zwei"), ("three", "")]),
        [
            &file(&[("one", "eins"), ("two", "zwei")]),
            &file(&[("one", "eins!"), ("two", "die zwei")]),
        ],
        &file(&[("one", "eins!"), ("two", "zwei")]),
    );
}
