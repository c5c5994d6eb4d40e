// SPDX-License-Identifier: Apache-2.0
// A central system that answers anything, or nothing, to our calls.
#include "tests/fuzz/conversation.hpp"
#include "tests/fuzz/expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using busbar::fuzz::Answers, busbar::fuzz::Conversation;
    Conversation(Answers::scripted).run(busbar::fuzz::text_of(data, size));
    return 0;
}
