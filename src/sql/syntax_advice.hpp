// What to write where PostgreSQL's parser stopped: it says only at which word. Adds advice to the
// problem, and where the word meant is another one, moves the problem there. Pure; any thread.
#pragma once

#include "sql/binder.hpp"
#include "sql/sql_text.hpp"

namespace sluice {

// `problem`: a syntax error, placed where the parser stopped.
void advise_on_syntax(const SqlText& text, SqlProblem& problem);

constexpr std::string_view back_ticks_message = "names do not stand in back ticks";
constexpr std::string_view back_ticks_advice =
    "write them bare, or in double quotes where they have upper case";

// The name of an interval's field, singular or plural, in any case.
bool is_interval_unit(std::string_view word);
// The problem of INTERVAL '10' followed by such a word, which `becomes` something else than its
// unit.
SqlProblem interval_trap(std::string_view number, std::string_view unit, std::string_view becomes);

}  // namespace sluice
