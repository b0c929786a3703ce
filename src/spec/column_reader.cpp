#include "spec/column_reader.hpp"

#include <algorithm>
#include <array>

#include "formats/envelope.hpp"
#include "spec/field_path.hpp"
#include "sql/foreign_words.hpp"

namespace sluice {

namespace {

struct MetaName {
  std::string_view name;
  MetaColumn column;
  TypeKind type;
};
constexpr MetaName meta_names[] = {{"topic", MetaColumn::topic, TypeKind::text},
                                   {"partition", MetaColumn::partition, TypeKind::integer},
                                   {"offset", MetaColumn::offset, TypeKind::bigint},
                                   {"timestamp", MetaColumn::timestamp, TypeKind::timestamptz},
                                   {"key", MetaColumn::key, TypeKind::text},
                                   {"headers", MetaColumn::headers, TypeKind::jsonb}};

struct UnitName {
  std::string_view name;
  TimeUnit unit;
};
constexpr UnitName unit_names[] = {{"s", TimeUnit::seconds},
                                   {"ms", TimeUnit::milliseconds},
                                   {"us", TimeUnit::microseconds},
                                   {"ns", TimeUnit::nanoseconds}};

template <class Name, size_t n>
std::vector<std::string> names_of(const Name (&all)[n]) {
  std::vector<std::string> names;
  for (const Name& entry : all) names.emplace_back(entry.name);
  return names;
}

template <class Name, size_t n>
const Name& find_known(const Name (&all)[n], std::string_view name) {
  return *std::find_if(std::begin(all), std::end(all),
                       [name](const Name& entry) { return entry.name == name; });
}

const OptionTable& column_table() {
  static const OptionTable table = {
      {"type", OptionKind::text, true},
      {"path", OptionKind::text},
      {"envelope", OptionKind::text},
      {"unit", OptionKind::choice, false, "", "", names_of(unit_names)},
      {"required", OptionKind::boolean},
      {"expr", OptionKind::text},
      {"meta", OptionKind::choice, false, "", "", names_of(meta_names)}};
  return table;
}

const OptionTable& lookup_column_table() {
  static const OptionTable table = {{"type", OptionKind::text, true}};
  return table;
}

// Of a text that is no type of a column: the type that other systems call so, or whose length does
// not count here, or a name that is close.
std::string advice_for_type(const std::string& text) {
  std::string word = text.substr(0, text.find('('));
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::string_view advice = advice_for_foreign_word(ForeignWord::type, word);
  if (!advice.empty()) return std::string(advice);
  const auto without_length = parse_type(word);
  if (without_length && without_length->kind != TypeKind::numeric)
    return "write " + type_name(*without_length);
  const std::vector<std::string> known = {"boolean", "integer",     "bigint",   "double precision",
                                          "numeric", "text",        "date",     "timestamp",
                                          "jsonb",   "timestamptz", "interval", "int"};
  return did_you_mean(text, known);
}

Type read_type(const Node& node, Diagnostics& diagnostics) {
  if (!node.is_scalar()) return {};
  if (const auto type = parse_type(node.text())) return *type;
  diagnostics.error(ErrorCode::invalid_value, node,
                    "\"" + node.text() + "\" is not a type of a column",
                    advice_for_type(node.text()));
  return {};
}

// Fields that have no meaning beside another one.
void report_conflicts(const Node& fields, Diagnostics& diagnostics) {
  for (const char* origin : {"expr", "meta", "envelope"}) {
    if (!fields[origin]) continue;
    const bool is_read = std::string_view(origin) == "envelope";
    for (const char* other : {"path", "unit", "required", "meta", "envelope"}) {
      const bool may_be_read =
          std::string_view(other) == "unit" || std::string_view(other) == "required";
      if (is_read && may_be_read) continue;
      const Node conflict = fields[other];
      if (!conflict || std::string_view(other) == origin) continue;
      diagnostics.error(ErrorCode::conflicting_fields, conflict,
                        std::string("\"") + other + "\" has no meaning beside \"" + origin + "\"");
    }
  }
}

void check_meta_type(const ColumnSpec& column, const MetaName& meta, const Node& type,
                     Diagnostics& diagnostics) {
  if (!type.is_scalar() || column.type.kind == meta.type) return;
  diagnostics.error(ErrorCode::invalid_value, type,
                    "a column with meta: " + std::string(meta.name) + " must be of type " +
                        type_name(Type{meta.type}) + ", not " + type_name(column.type));
}

// Empty where the field is not given, or reported.
std::vector<std::string> read_path(const char* field, const Options& options, const Node& fields,
                                   Diagnostics& diagnostics) {
  if (!options.has(field) || options.text(field).empty()) return {};
  auto path = parse_field_path(field, options.text(field));
  if (path) return std::move(*path);
  diagnostics.error(path.error().code, fields[field], path.error().message, path.error().advice);
  return {};
}

void read_column_fields(const Node& fields, ColumnSpec& column, SpecReader& reader) {
  Diagnostics& diagnostics = reader.diagnostics();
  const Options options = column_table().read(fields, "column " + column.name, diagnostics);
  report_conflicts(fields, diagnostics);
  column.type = read_type(fields["type"], diagnostics);
  column.required = options.boolean("required");
  column.path = read_path("path", options, fields, diagnostics);
  if (const auto path = read_path("envelope", options, fields, diagnostics); !path.empty()) {
    column.path = {std::string(envelope_root)};
    column.path.insert(column.path.end(), path.begin(), path.end());
  }
  if (!options.text("unit").empty()) {
    column.unit = find_known(unit_names, options.text("unit")).unit;
    if (!column.type.is_time()) {
      diagnostics.error(ErrorCode::conflicting_fields, fields["unit"],
                        "\"unit\" is for columns of type timestamp or timestamptz");
    }
  }
  if (options.has("expr") && options.text("expr").empty()) {
    diagnostics.error(ErrorCode::invalid_value, fields["expr"], "\"expr\" must not be empty");
  }
  if (options.has("expr")) column.expr = reader.text(fields["expr"], "expr");
  if (!options.text("meta").empty()) {
    const MetaName& meta = find_known(meta_names, options.text("meta"));
    column.meta = meta.column;
    check_meta_type(column, meta, fields["type"], diagnostics);
  }
}

std::vector<ColumnSpec> begin_columns(const Node& columns, const std::string& what,
                                      Diagnostics& diagnostics) {
  std::vector<ColumnSpec> specs;
  if (!columns) return specs;
  if (!columns.is_map() || columns.size() == 0) {
    diagnostics.error(ErrorCode::invalid_value, columns,
                      "\"columns\" of " + what + " must be a map of names to types");
    return specs;
  }
  for (const auto& [key, value] : columns.entries()) {
    constexpr size_t longest_identifier = 63;
    if (key.text().empty() || key.text().size() > longest_identifier) {
      diagnostics.error(ErrorCode::invalid_name, key,
                        "the name of a column must have 1 to 63 bytes");
    }
    ColumnSpec spec;
    spec.name = key.text();
    spec.location = key.location();
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace

std::vector<ColumnSpec> read_source_columns(const Node& columns, const std::string& what,
                                            SpecReader& reader) {
  std::vector<ColumnSpec> specs = begin_columns(columns, what, reader.diagnostics());
  for (ColumnSpec& column : specs) {
    const Node value = columns[column.name];
    if (value.is_scalar()) {
      column.type = read_type(value, reader.diagnostics());
    } else {
      read_column_fields(value, column, reader);
    }
    const bool is_decoded = !column.expr && column.meta == MetaColumn::none;
    if (is_decoded && column.path.empty()) column.path = {column.name};
  }
  return specs;
}

std::vector<ColumnSpec> read_lookup_columns(const Node& columns, const std::string& what,
                                            SpecReader& reader) {
  std::vector<ColumnSpec> specs = begin_columns(columns, what, reader.diagnostics());
  for (ColumnSpec& column : specs) {
    const Node value = columns[column.name];
    if (!value.is_scalar()) {
      lookup_column_table().read(value, "column " + column.name, reader.diagnostics());
    }
    column.type = read_type(value.is_scalar() ? value : value["type"], reader.diagnostics());
  }
  return specs;
}

}  // namespace sluice
