// NumberFormat: records that are numbers: the value of the one column `n bigint`, and the event
// time of the row in microseconds; behind it may stand what the row takes in bytes, "7 100".
// Anything else is a bad record, with as many bad rows as it has letters.
#pragma once

#include "formats/decoder.hpp"

namespace sluice::test {

class NumberFormat final : public Format {
 public:
  std::string name() const override { return "number"; }
  const OptionTable& options() const override { return no_options_; }
  std::string identity(const Options&) const override { return "number"; }
  bool is_changelog() const override { return false; }
  Result<std::unique_ptr<Decoder>> make_decoder(const ScanSpec& scan, const Options&,
                                                const TimeZone&) const override;

 private:
  OptionTable no_options_{std::vector<OptionSpec>{}};
};

}  // namespace sluice::test
