namespace NotebookRunner.Pages;

/// <summary>The characters that TeX commands stand for.</summary>
internal static class TexSymbols
{
    /// <summary>Letters: set in italics, like variables.</summary>
    public static readonly Dictionary<string, string> Letters = new()
    {
        ["alpha"] = "α",
        ["beta"] = "β",
        ["gamma"] = "γ",
        ["delta"] = "δ",
        ["epsilon"] = "ϵ",
        ["varepsilon"] = "ε",
        ["zeta"] = "ζ",
        ["eta"] = "η",
        ["theta"] = "θ",
        ["kappa"] = "κ",
        ["lambda"] = "λ",
        ["mu"] = "μ",
        ["nu"] = "ν",
        ["xi"] = "ξ",
        ["pi"] = "π",
        ["rho"] = "ρ",
        ["sigma"] = "σ",
        ["tau"] = "τ",
        ["phi"] = "ϕ",
        ["varphi"] = "φ",
        ["chi"] = "χ",
        ["psi"] = "ψ",
        ["omega"] = "ω",
        ["Gamma"] = "Γ",
        ["Delta"] = "Δ",
        ["Theta"] = "Θ",
        ["Lambda"] = "Λ",
        ["Sigma"] = "Σ",
        ["Phi"] = "Φ",
        ["Psi"] = "Ψ",
        ["Omega"] = "Ω",
        ["ell"] = "ℓ",
        ["infty"] = "∞",
        ["partial"] = "∂",
        ["nabla"] = "∇",
        ["ldots"] = "…",
        ["dots"] = "…",
        ["cdots"] = "⋯",
    };

    /// <summary>Operators and relations.</summary>
    public static readonly Dictionary<string, string> Operators = new()
    {
        ["cdot"] = "⋅",
        ["times"] = "×",
        ["div"] = "÷",
        ["pm"] = "±",
        ["mp"] = "∓",
        ["ast"] = "∗",
        ["circ"] = "∘",
        ["odot"] = "⊙",
        ["otimes"] = "⊗",
        ["le"] = "≤",
        ["leq"] = "≤",
        ["ge"] = "≥",
        ["geq"] = "≥",
        ["ne"] = "≠",
        ["neq"] = "≠",
        ["approx"] = "≈",
        ["sim"] = "∼",
        ["equiv"] = "≡",
        ["ll"] = "≪",
        ["gg"] = "≫",
        ["propto"] = "∝",
        ["in"] = "∈",
        ["notin"] = "∉",
        ["subset"] = "⊂",
        ["to"] = "→",
        ["rightarrow"] = "→",
        ["leftarrow"] = "←",
        ["mapsto"] = "↦",
        ["Rightarrow"] = "⇒",
        ["mid"] = "∣",
        ["lfloor"] = "⌊",
        ["rfloor"] = "⌋",
        ["lceil"] = "⌈",
        ["rceil"] = "⌉",
        ["lvert"] = "|",
        ["rvert"] = "|",
        ["lVert"] = "‖",
        ["rVert"] = "‖",
        ["|"] = "‖",
        ["langle"] = "⟨",
        ["rangle"] = "⟩",
        ["{"] = "{",
        ["}"] = "}",
        ["%"] = "%",
        ["#"] = "#",
        ["&"] = "&",
        ["_"] = "_",
        ["$"] = "$",
    };

    /// <summary>Operators whose limits stand above and below in a displayed formula.</summary>
    public static readonly Dictionary<string, string> Large = new()
    {
        ["sum"] = "∑",
        ["prod"] = "∏",
        ["int"] = "∫",
        ["max"] = "max",
        ["min"] = "min",
        ["argmax"] = "arg max",
        ["argmin"] = "arg min",
        ["lim"] = "lim",
    };

    public static readonly HashSet<string> Functions = ["log", "ln", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "det", "dim", "Pr"];

    public static readonly Dictionary<string, string> Accents = new()
    {
        ["hat"] = "^",
        ["widehat"] = "^",
        ["bar"] = "¯",
        ["overline"] = "¯",
        ["tilde"] = "~",
        ["vec"] = "→",
        ["dot"] = "˙",
    };

    /// <summary>Widths of spaces, in em.</summary>
    public static readonly Dictionary<string, string> Spaces = new()
    {
        [","] = "0.17em",
        [":"] = "0.22em",
        [";"] = "0.28em",
        [" "] = "0.33em",
        ["!"] = "-0.17em",
        ["quad"] = "1em",
        ["qquad"] = "2em",
    };

    public static readonly HashSet<string> Upright = ["mathrm", "text", "operatorname", "textrm", "mathit", "mathbf", "boldsymbol"];
}
