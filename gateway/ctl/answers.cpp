// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/answers.hpp"

#include "gateway/ctl/console.hpp"
#include "gateway/ctl/reports.hpp"

namespace busbar::ctl {

int tell(const Result<ApiAnswer>& answer, bool as_json, Result<std::string> (*report)(std::string_view)) {
    if (!answer) {
        complain(answer.error().detail);
        return unreachable;
    }
    if (!answer->ok()) {
        if (as_json) print(answer->body + '\n');
        return refuse(problem_text(answer->body));
    }
    const auto text = as_json ? Result<std::string>(answer->body + '\n') : report(answer->body);
    if (!text) return refuse(text.error().detail);
    print(*text);
    return done;
}

}  // namespace busbar::ctl
