// SPDX-License-Identifier: Apache-2.0
// The box itself: back to the factory.
#include <iostream>
#include <memory>
#include <string>

#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"

namespace busbar::ctl {
namespace {

struct BoxWish {
    bool yes = false;
};

/// What cannot be undone is asked for; who is not at a terminal says --yes.
bool is_sure(const BoxWish& wish) {
    if (wish.yes) return true;
    remark(
        "All of this gateway is erased: configuration, transactions that the central system has not got yet, "
        "accounts, certificates and keys. The chargers are left paused. Type yes to go on:");
    std::string word;
    return std::getline(std::cin, word) && word == "yes";
}

int factory_reset(ApiClient& daemon, const BoxWish& wish, bool as_json) {
    if (!is_sure(wish)) return refuse("nothing was done");
    return tell_answer(daemon.send("POST", "/api/v1/factory-reset", "{}"), as_json, [](std::string_view) {
        return Result<std::string>(
            "The chargers are paused; then the gateway erases itself and starts anew.\n");
    });
}

}  // namespace

std::vector<ApiVerb> add_box_verbs(CLI::App& cli) {
    const auto wish = std::make_shared<BoxWish>();
    auto* reset = cli.add_subcommand("factory-reset", "Erase all that this gateway knows");
    reset->add_flag("--yes", wish->yes, "Do not ask");
    return {{reset, [wish](ApiClient& daemon, bool json) { return factory_reset(daemon, *wish, json); }}};
}

}  // namespace busbar::ctl
