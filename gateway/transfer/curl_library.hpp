// SPDX-License-Identifier: Apache-2.0
// libcurl, loaded when the first file is to be carried: it brings 26 libraries, which would cost each start
// 10 ms and the gateway 4 MB of memory for what happens once a month.
#pragma once

#include <curl/curl.h>

#include "gateway/base/result.hpp"

namespace busbar::gateway {

/// Its functions by their names without "curl_".
struct CurlLibrary {
#define BUSBAR_CURL_FUNCTIONS(use)                                                                          \
    use(easy_cleanup) use(easy_getinfo) use(easy_header) use(easy_init) use(easy_setopt) use(easy_strerror) \
        use(free) use(global_init) use(multi_add_handle) use(multi_cleanup) use(multi_info_read)            \
            use(multi_init) use(multi_perform) use(multi_poll) use(multi_remove_handle) use(multi_wakeup)   \
                use(slist_append) use(slist_free_all) use(url) use(url_cleanup) use(url_get) use(url_set)
// NOLINTNEXTLINE(bugprone-macro-parentheses): a name that is declared takes none
#define BUSBAR_CURL_FUNCTION(name) decltype(&::curl_##name) name = nullptr;
    BUSBAR_CURL_FUNCTIONS(BUSBAR_CURL_FUNCTION)
#undef BUSBAR_CURL_FUNCTION
};

/// Loads it, the first time. Error: it cannot be loaded, and why. Any thread.
Result<void> load_curl();

/// REQUIRES: load_curl() has succeeded. Any thread.
const CurlLibrary& curl();

}  // namespace busbar::gateway
