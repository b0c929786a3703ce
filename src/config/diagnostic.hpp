// Diagnostic: one problem of a user's file with its place; Diagnostics collects all problems of one
// run. A stage reports what it finds and goes on; the caller stops between stages when
// has_errors(). One thread.
#pragma once

#include <string>
#include <vector>

#include "base/closest_name.hpp"
#include "base/result.hpp"
#include "config/source_location.hpp"

namespace sluice {

enum class Severity : uint8_t { warning, error };

struct Diagnostic {
  ErrorCode code;
  Severity severity = Severity::error;
  SourceLocation location;
  std::string path;  // steps.dws_gmv_minute.sql
  std::string message;
  std::string suggestion;  // a clause such as: did you mean "order_id"?  May be empty.
  std::string note;        // what stands behind the caret: step x has: a, b, …  May be empty.
};

class Node;

class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  void error(ErrorCode code, const SourceLocation& location, std::string message,
             std::string suggestion = {});
  void warning(ErrorCode code, const SourceLocation& location, std::string message,
               std::string suggestion = {});

  // The same, with place and path of a node.
  void error(ErrorCode code, const Node& node, std::string message, std::string suggestion = {});
  void warning(ErrorCode code, const Node& node, std::string message, std::string suggestion = {});

  // Whether the same was said of the same place.
  bool contains(const Diagnostic& problem) const;
  bool has_errors() const { return error_count() > 0; }
  size_t error_count() const;
  size_t warning_count() const;
  // By file, then in the order of its lines.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace sluice
