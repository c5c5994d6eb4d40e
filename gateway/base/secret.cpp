// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/secret.hpp"

#include <cstring>

namespace busbar {

Secret::~Secret() {
    explicit_bzero(text_.data(), text_.size());
}

bool operator==(const Secret& a, const Secret& b) {
    if (a.text_.size() != b.text_.size()) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < a.text_.size(); ++i) {
        difference = static_cast<unsigned char>(difference | (a.text_[i] ^ b.text_[i]));
    }
    return difference == 0;
}

}  // namespace busbar
