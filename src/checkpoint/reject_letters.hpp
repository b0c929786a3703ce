// What a target refuses at publish: made durable before the commit that leaves it out (RejectLog),
// and turned into dead letters of the next epoch once that commit is certain. Used by the
// publishing thread of the target; errors of files are final.
#pragma once

#include <string>
#include <vector>

#include "base/ids.hpp"
#include "dataflow/dead_letter.hpp"
#include "dataflow/publisher.hpp"
#include "storage/rejects_file.hpp"
#include "storage/spool_sink.hpp"

namespace sluice {

// The rejects of one attempt at one epoch.
class FileRejectLog final : public RejectLog {
 public:
  // `sinks` outlives the log.
  FileRejectLog(Filesystem& filesystem, std::string path, Epoch epoch,
                const std::vector<SpoolSink>& sinks)
      : filesystem_(filesystem), path_(std::move(path)), epoch_(epoch), sinks_(sinks) {}

  // Final error sink_rejected when the sink that takes dead letters is among them: it would have to
  // hold its own rejects.
  Result<uint64_t> replace(const std::vector<Reject>& rejects) override;
  // As the last replace() returned it; 0 before.
  uint64_t checksum() const { return checksum_; }

 private:
  Filesystem& filesystem_;
  std::string path_;
  Epoch epoch_;
  const std::vector<SpoolSink>& sinks_;
  uint64_t checksum_ = 0;
};

DeadLetter letter_of(const StoredReject& reject);

// The letters of a published epoch, of which the target's marker says `checksum`. With 0 the epoch
// has none, and the file that an earlier attempt may have left is deleted.
Result<std::vector<DeadLetter>> settle_rejects(Filesystem& filesystem, const std::string& path,
                                               uint64_t checksum);

}  // namespace sluice
