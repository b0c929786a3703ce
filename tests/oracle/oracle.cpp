#include "oracle/oracle.hpp"

#include <stdexcept>

#include "support/servers.hpp"

namespace sluice::test {

namespace {

// All rows at once; one by one when one of them fails.
constexpr const char* answer_function = R"sql(
CREATE FUNCTION pg_temp.answers(expression text, ids int[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  result text[] := '{}';
  answer text;
  id int;
  query text := 'SELECT pg_typeof(x)::text || '' '' || coalesce(x::text, ''NULL'') FROM (SELECT '
                || expression || ' AS x FROM samples WHERE samples.id = $1 OFFSET 0) row';
BEGIN
  BEGIN
    EXECUTE 'SELECT array_agg(pg_typeof(x)::text || '' '' || coalesce(x::text, ''NULL'') ORDER BY n)
             FROM (SELECT ' || expression || ' AS x, n FROM unnest($1) WITH ORDINALITY AS ids(id, n)
             JOIN samples ON samples.id = ids.id OFFSET 0) row' INTO result USING ids;
    RETURN result;
  EXCEPTION WHEN others THEN
    result := '{}';
  END;
  FOREACH id IN ARRAY ids LOOP
    BEGIN
      EXECUTE query INTO answer USING id;
    EXCEPTION WHEN others THEN
      answer := 'error ' || SQLSTATE || ' ' || SQLERRM;
    END;
    result := result || answer;
  END LOOP;
  RETURN result;
END $$;
)sql";

struct ErrorClass {
  std::string_view state;
  std::string_view name;
};

// What a SQLSTATE is in the engine's catalogue.
constexpr ErrorClass error_classes[] = {
    {"22012", "division_by_zero"},   {"22003", "value_out_of_range"},
    {"22008", "value_out_of_range"}, {"22015", "value_out_of_range"},
    {"22009", "value_out_of_range"}, {"54000", "value_out_of_range"},
    {"22P02", "invalid_text"},       {"22007", "invalid_text"},
    {"22023", "invalid_argument"},   {"0A000", "invalid_argument"},
    {"2201B", "invalid_argument"},   {"22025", "invalid_argument"},
    {"2200C", "invalid_argument"},   {"22019", "invalid_argument"},
    {"2201F", "invalid_argument"},   {"2201E", "invalid_argument"},
    {"2201G", "invalid_argument"},   {"22011", "invalid_argument"},
    {"22004", "invalid_argument"},   {"42883", "type_mismatch"},
    {"42725", "type_mismatch"},      {"42846", "type_mismatch"},
    {"42804", "type_mismatch"},      {"42601", "invalid_argument"},
};

Answer to_answer(const std::string& told) {
  if (told.starts_with("error ")) {
    const std::string state = told.substr(6, 5);
    for (const ErrorClass& known : error_classes) {
      if (known.state == state) return {"error " + std::string(known.name)};
    }
    return {told};
  }
  constexpr std::string_view local = "timestamp without time zone";
  constexpr std::string_view with_zone = "timestamp with time zone";
  if (told.starts_with(local)) return {"timestamp" + told.substr(local.size())};
  if (told.starts_with(with_zone)) return {"timestamptz" + told.substr(with_zone.size())};
  return {told};
}

Postgres connect_to_new_database() {
  const std::string name = unique_name("oracle");
  Postgres(shared_servers())
      .exec("CREATE DATABASE " + name +
            " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
  return Postgres(shared_servers(), name);
}

}  // namespace

Oracle::Oracle(const Samples& samples) : session_(connect_to_new_database()) {
  session_.exec("SET timezone = 'Asia/Shanghai'; SET jit = off; SET client_min_messages = error");
  session_.exec("BEGIN");
  session_.exec(samples.table_sql());
  session_.exec(answer_function);
  now_us_ = std::stoll(
      *session_.query("SELECT (extract(epoch FROM now()) * 1000000)::bigint").at(0).at(0));
  version_ = std::stoi(*session_.query("SHOW server_version_num").at(0).at(0));
}

std::vector<std::vector<Answer>> Oracle::ask(const std::vector<Question>& questions) {
  constexpr size_t batch = 500;
  std::vector<std::vector<Answer>> all;
  for (size_t begin = 0; begin < questions.size(); begin += batch) {
    auto some = ask_batch(questions, begin, std::min(begin + batch, questions.size()));
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<std::vector<Answer>> Oracle::ask_batch(const std::vector<Question>& questions,
                                                   size_t begin, size_t end) {
  std::string sql =
      "SELECT n, answer FROM (SELECT n, pg_temp.answers(expression, ids) AS answers FROM (VALUES ";
  for (size_t i = begin; i < end; ++i) {
    std::string ids;
    for (const size_t row : questions[i].rows)
      ids += (ids.empty() ? "" : ",") + std::to_string(row);
    sql += (i == begin ? "(" : ", (") + std::to_string(i - begin) + ", " +
           quoted(questions[i].sql) + ", '{" + ids + "}'::int[])";
  }
  sql +=
      ") AS asked(n, expression, ids)) told, unnest(answers) WITH ORDINALITY AS one(answer, place) "
      "ORDER BY n, place";
  std::vector<std::vector<Answer>> answers(end - begin);
  for (const Postgres::Row& row : session_.query(sql)) {
    answers[std::stoul(*row[0])].push_back(to_answer(*row[1]));
  }
  return answers;
}

}  // namespace sluice::test
