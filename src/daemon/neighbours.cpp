#include "daemon/neighbours.hpp"

#include "dataflow/use_pattern.hpp"
#include "pipeline/meeting_sinks.hpp"

namespace sluice {

void judge_beside(const PipelineVersion& version, const PipelineVersion& neighbour,
                  Diagnostics& diagnostics) {
  const auto report = [&](Severity severity, const Claim& claim, std::string message,
                          const std::string& advice) {
    diagnostics.add({.code = ErrorCode::duplicate_name,
                     .severity = severity,
                     .location = claim.place,
                     .path = claim.path,
                     .message = std::move(message),
                     .suggestion = advice});
  };
  for (const Claim& claim : version.claims) {
    for (const Claim& other : neighbour.claims) {
      const std::string writer = other.sink + " of pipeline " + neighbour.name;
      if (other.use.what == claim.use.what) {
        report(Severity::error, claim, other.use.what + " is written by sink " + writer + " too",
               "give each pipeline its own, or let one pipeline write it");
      } else if (may_write_the_same(other.use.what, claim.use.what)) {
        report(Severity::warning, claim, meeting_text(claim.use, other.use.what, writer),
               claim.use.advice_for_meeting);
      }
    }
  }
}

bool can_run_beside(const PipelineVersion& version, const PipelineVersion& neighbour) {
  Diagnostics diagnostics;
  judge_beside(version, neighbour, diagnostics);
  return !diagnostics.has_errors();
}

}  // namespace sluice
