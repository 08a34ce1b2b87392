//! Options from files: `rekindle.toml` of the project and `config.toml` of the user. A flag precedes an environment variable, this
//! the project's file, this the user's, and all precede what is built in.
//!
//! The files become the defaults of the command line's options, so that one parser judges all values.

use crate::args::Cli;
use base::{Diagnostic, SourceMap, Span};
use clap::{Command, CommandFactory};
use std::path::{Path, PathBuf};

/// The file that holds a project's options, in its folder or in one above.
const PROJECT: &str = "rekindle.toml";
/// What may stand in a file: the name there, which is also the flag's.
const OPTIONS: &[&str] = &[
    "device",
    "cpu-devices",
    "serial",
    "debug-level",
    "interpret",
    "stats",
    "target",
    "arch",
    "optimize",
    "json",
    "project",
    "load-path",
    "from-source",
];

/// The command line with the defaults that the files set.
///
/// # Errors
/// What is wrong in the files, all of it.
pub fn command() -> Result<Command, Vec<Diagnostic>> {
    let mut values: Vec<(String, String)> = Vec::new();
    let mut wrong = Vec::new();
    // the user's file first: the project's replaces what it sets
    for path in [user_file(), project_file()].into_iter().flatten() {
        match read(&path) {
            Ok(more) => values.extend(more),
            Err(found) => wrong.extend(found),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut command = Cli::command();
    for (name, value) in values {
        command = with_default(command, &name, &value);
    }
    Ok(command)
}

/// `$XDG_CONFIG_HOME/rekindle/config.toml`, or the same below `~/.config`.
fn user_file() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let folder = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")))?;
    Some(folder.join("rekindle/config.toml")).filter(|p| p.is_file())
}

/// The nearest project file: of the working directory or of a folder above.
fn project_file() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(PROJECT)).find(|p| p.is_file())
}

/// The options of a file, in its order.
fn read(path: &Path) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let shown = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let shown = if shown == PROJECT { shown } else { path.display().to_string() };
    let text = std::fs::read_to_string(path).map_err(|e| {
        vec![Diagnostic::error("config", format!("the options in `{shown}` cannot be read: {e}"), Span::NONE)]
    })?;
    let file = SourceMap::add(&shown, &text);
    let span = |range: Option<std::ops::Range<usize>>| {
        range.map_or(Span::NONE, |r| Span::new(file, r.start as u32, r.end as u32))
    };
    let table: toml::Table =
        text.parse().map_err(|e: toml::de::Error| vec![Diagnostic::error("config", e.message(), span(e.span()))])?;
    let mut values = Vec::new();
    let mut wrong = Vec::new();
    for (name, value) in table {
        let at = span(place(&text, &name));
        if !OPTIONS.contains(&name.as_str()) {
            let d = Diagnostic::error("config", format!("there is no option `{name}`"), at);
            wrong.push(d.help(format!("options are {}", OPTIONS.join(", "))));
            continue;
        }
        let Some(value) = text_of(&name, &value, path) else {
            let d = Diagnostic::error("config", format!("the value of `{name}` cannot be a {}", value.type_str()), at);
            wrong.push(d.help("write a string, a number, `true` or `false`, or a list of these"));
            continue;
        };
        match judge(&name, &value) {
            Ok(()) => values.push((name, value)),
            Err(why) => wrong.push(Diagnostic::error("config", why, at)),
        }
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

/// Where a file sets an option.
fn place(text: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let key = line.split('=').next().unwrap_or_default().trim().trim_matches('"');
        if key == name {
            return Some(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

/// A value as it is written on a command line; folders are relative to the file's.
fn text_of(name: &str, value: &toml::Value, file: &Path) -> Option<String> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let absolute = |path: &str| match path.starts_with('@') {
        true => path.to_string(),
        false => folder.join(path).display().to_string(),
    };
    match name {
        "project" => value.as_str().map(absolute),
        "load-path" => {
            let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            let folders: Option<Vec<String>> = items.iter().map(|v| v.as_str().map(absolute)).collect();
            folders.map(|folders| folders.join(":"))
        }
        _ => plain(value),
    }
}

/// A value as it is written on a command line.
fn plain(value: &toml::Value) -> Option<String> {
    Some(match value {
        toml::Value::String(s) => s.clone(),
        toml::Value::Integer(i) => i.to_string(),
        toml::Value::Boolean(b) => b.to_string(),
        toml::Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>()?.join(","),
        _ => return None,
    })
}

/// Does an option take this value? The answer is the command line's.
fn judge(name: &str, value: &str) -> Result<(), String> {
    let command = Cli::command();
    let Some((subcommand, flag)) = command.get_subcommands().find_map(|s| {
        let found = s.get_arguments().find(|a| a.get_long() == Some(name))?;
        Some((s.get_name().to_string(), !found.get_action().takes_values()))
    }) else {
        return Err(format!("there is no option `{name}`"));
    };
    if flag {
        return match value {
            "true" | "false" => Ok(()),
            _ => Err(format!("`{name}` is `true` or `false`, not `{value}`")),
        };
    }
    let option = format!("--{name}={value}");
    match Cli::command().ignore_errors(false).try_get_matches_from(["rekindle", &subcommand, &option]) {
        Err(e)
            if matches!(e.kind(), clap::error::ErrorKind::ValueValidation | clap::error::ErrorKind::InvalidValue) =>
        {
            let text = e.to_string();
            let text = text.lines().next().unwrap_or_default();
            Err(text.strip_prefix("error: ").unwrap_or(text).to_string())
        }
        _ => Ok(()),
    }
}

/// Sets the default of an option of every subcommand that has it.
fn with_default(mut command: Command, name: &str, value: &str) -> Command {
    let having: Vec<String> = command
        .get_subcommands()
        .filter(|s| s.get_arguments().any(|a| a.get_long() == Some(name)))
        .map(|s| s.get_name().to_string())
        .collect();
    let id = name.replace('-', "_");
    for subcommand in having {
        let value = value.to_string();
        command = command.mut_subcommand(subcommand, |s| s.mut_arg(&id, |a| a.default_value(value)));
    }
    command
}
