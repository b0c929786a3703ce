// Diagnostic: one problem of a user's file with its place; Diagnostics collects all problems of one run.
// A stage reports what it finds and goes on; the caller stops between stages when has_errors(). One thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/source_location.hpp"

namespace sluice {

enum class Severity : uint8_t { warning, error };

struct Diagnostic {
  ErrorCode code;
  Severity severity = Severity::error;
  SourceLocation location;
  std::string path;        // steps.dws_gmv_minute.sql
  std::string message;
  std::string suggestion;  // did you mean …; may be empty
};

class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  void error(ErrorCode code, const SourceLocation& location, std::string message, std::string suggestion = {});
  void warning(ErrorCode code, const SourceLocation& location, std::string message, std::string suggestion = {});

  bool has_errors() const;
  // In the order of the file.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> diagnostics_;
};

// The known name closest to a misspelt one, or empty when none is close: "did you mean".
std::string closest_name(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace sluice
