// SplitCheck: a run's own line to a source's server, beside those of its tasks. Tells whether
// splits still are the ones that were read: a source goes on by offsets, and would not notice a
// stream that was deleted and created again with as many records. And lets the system's own tools
// know what is decided. One per source and run, called by the run's coordinating thread.
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "dataflow/source.hpp"

namespace sluice {

class SplitCheck {
 public:
  struct Answer {
    std::shared_ptr<const Origin> split;  // the one that was asked about
    // OK: it still holds what had been read of it at the position that was asked about; then
    // whatever had been read behind that until the question is of the same split, too. Error
    // Retry::later, for a start to decide: it holds something else.
    Status is_same;
  };

  virtual ~SplitCheck() = default;
  // Begins to ask about splits of which something had been read at these positions, or whose id is
  // in them. Waits for nothing. Takes the place of earlier questions about the same splits.
  virtual void ask(const std::vector<SplitAssignment>& read) = 0;
  // What has been answered since the last call, each question once. Waits until all of `awaited`
  // are answered, for a few seconds at most; for none of them, not at all. A server that does not
  // answer for one split delays no answer about others.
  virtual std::vector<Answer> answers(const std::vector<SplitAssignment>& awaited) = 0;
  // How far the checkpoint that was decided last has read. Best effort, waits for nothing.
  virtual void report(const std::vector<SplitAssignment>& decided) = 0;
  // The last call: what was reported has arrived, or did not within a second.
  virtual void close() = 0;
};

}  // namespace sluice
