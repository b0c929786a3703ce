// Envelope: what a format of changes says of its records. Rows come wrapped: {"type":"UPDATE",
// "data":[{…}],"old":[{…}]}, or {"op":"u","before":{…},"after":{…}}. Such a format is one file,
// which describes where things stand (EnvelopeShape) and what a record says of rows (Envelope), and
// calls add_envelope_format. The rest is EnvelopeDecoder's and the same for all formats:
//
// 1. A record without a value is bad, or, where the format has tombstones, deletes the row of the
//    record's key: see below.
// 2. The envelope is read: its fields, and where its rows lie. No row is looked at yet.
// 3. Envelope::read says what the record is: a Change. `none` is skipped and counted, and so are
//    records of tables that the options do not name, and changes that `changelog.ops` does not.
// 4. `emptied` goes where `changelog.on_truncate` says.
// 5. The rows of the change's image are read. An image that is missing, or no row, makes the record
//    bad (Envelope::fault says why); a bad row among good ones is bad alone.
// 6. An update deletes the row of its former key first, where the image of the row as it was shows
//    another key (KeyChanges). Former values that are missing or null are not known. If they are of
//    the changelog's key, and the record's own key does not have them either, the update is bad
//    where the shape has an advice for it, since the row of the former key would stay.
// A record counts as a whole or not at all. All of it is a pure function of the record.
//
// A tombstone deletes the row of its key where that is all that a row needs: ops is all, no table
// is named, the record's key is an object with all fields that the changelog's key is read from,
// and neither an event time nor another required column is missing then. Else it is skipped and
// counted: it only repeats the deletion before it, which compaction may have removed.
//
// A column may also be read from the envelope itself: its path then begins with `envelope_root`,
// which no key of a row is, and all rows of a record have its value. What an envelope says of its
// change (when, at which position) orders changes that the rows alone do not.
//
// An Envelope is made for one decoder and lives on its thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format_registry.hpp"
#include "formats/scan_plan.hpp"

namespace sluice {

inline constexpr std::string_view envelope_root = "";

inline bool is_envelope_path(const std::vector<std::string>& path) {
  return !path.empty() && path.front() == envelope_root;
}

inline bool is_in_envelope(const ScanColumn& column) { return is_envelope_path(column.path); }

// Paths are from the document down, keys joined by dots: "source.table".
struct EnvelopeShape {
  // Objects that the rows are in, or, where `images_are_lists`, lists of them.
  std::vector<std::string> images;
  bool images_are_lists = false;
  // Other fields, which Envelope::read is given the values of.
  std::vector<std::string> fields;
  // The name of an object that may stand around all of these; empty: none.
  std::string wrapper;
  // A string for a jsonb column is JSON text, not a JSON string.
  bool strings_hold_json = false;
  // Records without a value follow deletions.
  bool has_tombstones = false;
  // What makes former values known where an update does not show them. Empty: a former image names
  // what changed, and what it leaves out is as it was.
  std::string advice_for_unknown_key;
  // What a deletion lacks that has no more than the key.
  std::string advice_for_bare_deletion;

  size_t value_count() const { return images.size() + fields.size(); }
};

// Of documents that are rows.
inline const EnvelopeShape no_envelope = {};

struct EnvelopeValue {
  // object: also a list, and an image that is no image by the shape.
  enum class Kind : uint8_t { missing, null, text, scalar, object, rows };
  Kind kind = Kind::missing;
  // Of text what it says, else as written; valid until the next document.
  std::string_view text;
  // Of rows that were read: how many, and whether another element of the list is no object.
  size_t rows = 0;
  bool has_bad_rows = false;

  bool is_text(std::string_view expected) const { return kind == Kind::text && text == expected; }
  bool is_given() const { return kind != Kind::missing && kind != Kind::null; }
};

struct EnvelopeValues {
  std::vector<EnvelopeValue> values;  // of the images, then of the fields, in the shape's order
  bool has_other_fields = false;      // at the top, or in the wrapper

  const EnvelopeValue& operator[](size_t index) const { return values[index]; }
};

// What a record says of rows.
struct Change {
  enum class Kind : uint8_t {
    none,  // nothing: schemas, transactions, heartbeats
    insert,
    update,
    deletion,
    emptied,  // the table lost its rows, and they are not named
    unknown,  // no record of this format
  };
  Kind kind = Kind::unknown;
  size_t image = 0;              // with the rows as they are now, of a deletion as they were
  std::optional<size_t> former;  // of an update: with the rows as they were, or parts of them
};

// A value of a row as the document has it; `text` is what a string says, and else `token`.
struct RowValue {
  enum class Kind : uint8_t { string, scalar, container };
  Kind kind;
  std::string_view token;
  std::string_view text;
};

// How a format writes values that JSON has no form for.
class ValueForms {
 public:
  virtual ~ValueForms() = default;
  // The PostgreSQL literal that the value for a column stands for; nothing where it stands for
  // itself. Valid until the next call. Error column_invalid: the value is none.
  virtual Result<std::optional<std::string_view>> literal(size_t column, const RowValue& value) = 0;
};

class Envelope {
 public:
  virtual ~Envelope() = default;
  virtual Change read(const EnvelopeValues& values) = 0;
  // Why a record is bad whose kind is `unknown` or whose image cannot be taken.
  virtual std::string fault(const EnvelopeValues& values) const = 0;
  // How the database calls what emptied the table.
  virtual std::string name_of_emptying(const EnvelopeValues& values) const = 0;
  // The next row is that of a record's key, which may come with a schema (as written; else empty).
  virtual void start_key(std::string_view /*schema*/) {}
  // Null: values are what JSON says.
  virtual ValueForms* value_forms() { return nullptr; }
};

// An option that takes only changes of one table, database, …: `field` of the shape must be it.
struct TablePart {
  std::string option;
  size_t field;  // index into the values
};

struct EnvelopeFormat {
  std::string name;
  EnvelopeShape shape;
  std::vector<TablePart> table_parts;  // the widest first
  std::vector<OptionSpec> options;     // beside `max_bytes` and those of the parts
  std::function<std::unique_ptr<Envelope>(const ScanPlan& plan, const Options& options)> make;
};

// Its identity is its name with all options that are given and not their default, in their order;
// only `max_bytes` is not among them.
void add_envelope_format(EnvelopeFormat format, FormatRegistry& registry);

}  // namespace sluice
