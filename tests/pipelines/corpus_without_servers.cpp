#include "pipelines/corpus_outside.hpp"

namespace sluice::test {

std::string corpus_root() { return "tests/pipelines"; }

CorpusOutside corpus_outside(const CorpusCase&) { return {}; }

}  // namespace sluice::test
