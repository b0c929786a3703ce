// EnvelopeDecoder: the decoder of every format of changes, by what its Envelope says; see there for
// what becomes of a record. Owned by its source's task, one thread.
#pragma once

#include <memory>

#include "formats/envelope.hpp"

namespace sluice {

std::unique_ptr<Decoder> make_envelope_decoder(std::shared_ptr<const ScanPlan> plan,
                                               std::shared_ptr<const EnvelopeFormat> format,
                                               const Options& options);

}  // namespace sluice
