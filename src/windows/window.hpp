// Window: which windows the rows of a relation are in, as sql binds it, plan reasons about it and
// operators keep it: one immutable value that all of them share. Each kind is a class in a file of
// its own in windows/kinds/, which states all that is asked of it here; how an operator keeps its
// windows is a file of the same name in operators/windows/kinds/. CMake makes one list for both,
// and nothing else names the kinds. Any thread.
//
// Most kinds know a row's windows by its time alone. Those that do not (sessions) depend on the
// other rows of its partition: their windows grow and merge as rows come, are as long as rows make
// them, and have no assigner.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "values/time/time_zone.hpp"
#include "values/type.hpp"

namespace sluice {

class WindowAssigner;

// How long a window may last, from its start to its end.
struct WindowLength {
  int64_t least_us = 0;
  int64_t most_us = 0;
  bool is_exact() const { return least_us == most_us; }
};

class Window {
 public:
  virtual ~Window() = default;

  // As SQL calls it, in lower case: "tumble".
  virtual std::string_view name() const = 0;
  // "tumble at size 1m slide 1m", over the name of its time column.
  virtual std::string text(const std::string& time) const = 0;
  // All that decides which windows there are, over a canonical text of the time column. It is saved
  // with state, and may not change.
  virtual std::string canonical_text(const std::string& time) const = 0;

  // None: as long as rows make it.
  virtual std::optional<WindowLength> length() const = 0;
  // Whether a window of a partition is told by its start; by its end it always is.
  virtual bool is_told_by_start() const = 0;
  // Whether a row may be in several, or in none.
  virtual bool may_overlap() const = 0;
  // How long after its end a row in time may still come to it.
  virtual int64_t open_after_end_us() const { return 0; }
  // Of a time column of that type, in that zone. Null of those that depend on rows.
  virtual std::unique_ptr<const WindowAssigner> assigner(TypeKind time_type,
                                                         const TimeZone& zone) const = 0;

  // Whether a row's windows depend on the rows around it: see above.
  virtual bool depends_on_rows() const { return false; }
};

using WindowPtr = std::shared_ptr<const Window>;

}  // namespace sluice
