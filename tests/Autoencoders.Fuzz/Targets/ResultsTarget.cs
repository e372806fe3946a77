namespace Autoencoders.Fuzz.Targets;

internal static class ResultsTarget
{
    public static FuzzTarget Create() => new(
        "results",
        typeof(FormatException),
        FuzzTarget.FromFile("input.json", path => Results.Read(path).ToJsonString().Length),
        ["{\n  \"data\": \"mnist-sample\",\n  \"metrics\": {\n    \"test_bce\": 0.0712,\n    \"test_psnr_db\": 21.5\n  }\n}"u8.ToArray(), "{}"u8.ToArray()])
    {
        Words = ["\"data\"", "\"metrics\"", "null", "true", "[]", "{}", "{", "}", ":", ",", "\"", "\\ud83d", "\\u0000", "1e999", "-0", "NaN", "//", "\ufeff", "<<<<<<< HEAD"],
    };
}
