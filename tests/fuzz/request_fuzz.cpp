// SPDX-License-Identifier: Apache-2.0
// Requests of a central system that answers well, with everything that can happen in between.
#include "tests/fuzz/conversation.hpp"
#include "tests/fuzz/expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using busbar::fuzz::Answers, busbar::fuzz::Conversation;
    Conversation(Answers::willing).run(busbar::fuzz::text_of(data, size));
    return 0;
}
