// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/curl_library.hpp"

#include <dlfcn.h>

#include <string>

namespace busbar::gateway {
namespace {

/// Its binary interface since 2006; what is compiled against a later one must be told here.
constexpr const char* name = "libcurl.so.4";

struct Loaded {
    CurlLibrary library;
    std::string problem;  ///< empty: all of it is there
};

template <class Function>
void resolve(void* handle, const char* symbol, Function& function, std::string& problem) {
    function = reinterpret_cast<Function>(::dlsym(handle, symbol));
    if (function == nullptr) problem = std::string(name) + " has no " + symbol + '.';
}

Loaded load() {
    Loaded loaded;
    void* handle =
        ::dlopen(name, RTLD_NOW | RTLD_LOCAL);  // for good: it may have threads and handlers at exit
    if (handle == nullptr) {
        const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe): of this thread in glibc
        loaded.problem = why != nullptr ? why : name;
        return loaded;
    }
#define BUSBAR_CURL_FIND(function) \
    resolve(handle, "curl_" #function, loaded.library.function, loaded.problem);
    BUSBAR_CURL_FUNCTIONS(BUSBAR_CURL_FIND)
#undef BUSBAR_CURL_FIND
    if (loaded.problem.empty() && loaded.library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        loaded.problem = "libcurl cannot be initialised.";
    return loaded;
}

const Loaded& loaded() {
    static const Loaded once = load();
    return once;
}

}  // namespace

Result<void> load_curl() {
    if (!loaded().problem.empty())
        return Error{Errc::unsupported, "Files cannot be transferred: " + loaded().problem};
    return {};
}

const CurlLibrary& curl() {
    return loaded().library;
}

}  // namespace busbar::gateway
